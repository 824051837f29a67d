/**
 * Runs a program for what it prints, and not for longer than it is given.
 *
 * @module
 */
import { Effect, Stream } from "effect"
import { ChildProcess, ChildProcessSpawner } from "effect/process"

/** A program may print more; nobody reads it. */
const CHARACTERS_MAX = 4_096

/** What to run. */
export interface ProgramRun {
  readonly program: string
  readonly args: ReadonlyArray<string>
  readonly secondsMax: number
}

/** What it printed and how it ended; nothing where it cannot run or does not end. */
export const programOutput = Effect.fn("programOutput")(
  function*({ args, program, secondsMax }: ProgramRun) {
    const spawner = yield* ChildProcessSpawner.ChildProcessSpawner
    return yield* Effect.scoped(Effect.gen(function*() {
      const child = yield* spawner.spawn(
        ChildProcess.make(program, [...args], { stdin: "ignore", forceKillAfter: "200 millis" })
      )
      const text = yield* Stream.mkString(Stream.decodeText(child.all))
      return { exit: Number(yield* child.exitCode), text: text.slice(0, CHARACTERS_MAX).trim() }
    })).pipe(
      Effect.timeoutOption(`${secondsMax} seconds`),
      Effect.orElseSucceed(() => ({ _tag: "None" as const })),
      Effect.map((ran) => ran._tag === "Some" ? ran.value : undefined)
    )
  }
)
