/**
 * `claudemesh doctor`: looks at everything that messages need, and says what mends what does not work.
 *
 * It works where nothing else does. What it looks at is loaded when it is asked for. Ends with 1 where something
 * failed; a warning is no failure.
 *
 * @module
 */
import { refused } from "@claudemesh/protocol/errors"
import { Effect, Option } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import { doctorReport } from "../../doctor/doctor_report.ts"
import { declared } from "../verb.ts"

export const doctor = Command.make(
  "doctor",
  {
    fix: isFlag(
      "fix",
      "Repair what is safe to: close what is open, start the daemon, mend the plugin"
    ),
    yes: isFlag("yes", "Do not ask before repairing"),
    bundle: isFlag(
      "bundle",
      "Write a report without secrets to a file, to be passed on; nothing is uploaded"
    ),
    file: Argument.String("file").pipe(
      Argument.withDescription(
        "With --bundle: where to (default: claudemesh-doctor-TIME.tar.gz here)"
      ),
      Argument.optional
    )
  },
  Effect.fn("doctor")(function*(options) {
    if (Option.isSome(options.file) && !options.bundle) {
      return yield* refused("usage", `Cannot write "${options.file.value}": --bundle was not given`)
    }
    const { examine } = yield* Effect.promise(() => import("../../doctor/mod.ts"))
    yield* examine(options)
  })
).pipe(
  declared({
    description: "Look at everything that messages need, and say what mends what does not work",
    examples: [
      { command: "claudemesh doctor", description: "When something is odd" },
      {
        command: "claudemesh doctor --fix",
        description: "Repair what is safe to repair, once you agree"
      },
      {
        command: "claudemesh doctor --bundle",
        description: "Gather what helps somebody who helps you"
      },
      { command: "claudemesh doctor --json id,status", description: "For a program" }
    ],
    report: doctorReport
  })
)

function isFlag(name: string, description: string) {
  return Flag.Boolean(name).pipe(Flag.withDescription(description), Flag.withDefault(false))
}
