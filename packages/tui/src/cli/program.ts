/**
 * Runs one command line: whatever happens, it ends as an exit code, with one answer said.
 *
 * @module
 */
import { errorTable, Refused } from "@claudemesh/protocol/errors"
import { Cause, Effect, Exit, Fiber, Schema } from "effect"
import { CliError, CliOutput, Command } from "effect/cli"
import { VERSION } from "../version.ts"
import { type Invocation, readArgv, refusedFields } from "./argv.ts"
import { writeCrashFile } from "./crash_file.ts"
import { EndedWith, EXIT, exitOf, failureOfBug, failureOfRefused } from "./failure.ts"
import { Foreground } from "./foreground.ts"
import { presenter } from "./help.ts"
import { Output } from "./output.ts"
import { listReport } from "./report.ts"
import { StopSignal } from "./stop_signal.ts"
import { claudemesh } from "./verbs/mod.ts"

const Field = Schema.Struct({ name: Schema.String })

const fieldList = listReport({
  kind: "field.list",
  schema: Field,
  fields: Object.keys(Field.fields),
  text: ({ items }) => items.map(({ name }) => name).join("\n")
})

/** Runs a command line; answers with the exit code. */
export const run = Effect.fn("run")(function*(words: ReadonlyArray<string>) {
  const invocation = readArgv(claudemesh, words)
  const output = yield* Output.make(invocation.json)
  const foreground = yield* Foreground.make
  const program = answer(invocation).pipe(
    Effect.provideService(Output, output),
    Effect.provideService(CliOutput.Presenter, presenter(output)),
    Effect.provideService(Foreground, foreground)
  )
  const verb = yield* Effect.forkChild(program)
  yield* Effect.forkChild(Effect.andThen((yield* StopSignal).asked, Fiber.interrupt(verb)))
  const exit = yield* Fiber.await(verb)
  if (Exit.isSuccess(exit)) return EXIT.done
  if (Cause.hasInterruptsOnly(exit.cause)) return yield* foreground.interruptedExit
  return yield* sayFailure(exit.cause, invocation).pipe(Effect.provideService(Output, output))
})

const isRefused = Schema.is(Refused)
const isEndedWith = Schema.is(EndedWith)
const parseAndRun = Command.runWith(claudemesh, { version: VERSION })

const answer = Effect.fnUntraced(function*(invocation: Invocation) {
  if (invocation.json?.fields === "names") {
    const items = invocation.fields.map((name) => ({ name }))
    return yield* (yield* Output).print(fieldList, { items })
  }
  const refusal = refusedFields(invocation)
  if (refusal !== undefined) return yield* refusal
  yield* parseAndRun(invocation.argv)
})

const sayFailure = Effect.fnUntraced(function*(cause: Cause.Cause<unknown>, { path }: Invocation) {
  const output = yield* Output
  const error = Cause.squash(cause)
  // The presenter has said it already.
  if (CliError.isCliError(error) && error._tag === "ShowHelp") {
    return error.errors.length === 0 ? EXIT.done : errorTable.usage.exit
  }
  if (isEndedWith(error)) return error.exit
  const failure = isRefused(error)
    ? failureOfRefused(error)
    : failureOfBug(error, yield* writeCrashFile(path, cause))
  yield* output.fail(failure)
  return exitOf(failure)
})
