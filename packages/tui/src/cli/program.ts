/**
 * Runs one command line: whatever happens, it ends as an exit code, with one answer said.
 *
 * @module
 */
import { errorTable, Refused, refused } from "@claudemesh/protocol/errors"
import { Cause, Effect, Exit, Ref, Schema } from "effect"
import { CliError, CliOutput, Command } from "effect/cli"
import { VERSION } from "../version.ts"
import { type Invocation, readArgv, unknownFields } from "./argv.ts"
import { writeCrashFile } from "./crash_file.ts"
import { EndedWith, EXIT, exitOf, failureOfBug, failureOfRefused } from "./failure.ts"
import { Foreground } from "./foreground.ts"
import { presenter } from "./help.ts"
import { Output } from "./output.ts"
import { listReport } from "./report.ts"
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
  const interruptedExit = yield* Ref.make<number>(EXIT.interrupted)
  const program = answer(invocation).pipe(
    Effect.provideService(Output, output),
    Effect.provideService(CliOutput.Presenter, presenter(output)),
    Effect.provideService(Foreground, { began: Ref.set(interruptedExit, EXIT.done) })
  )
  // An interrupt ends the verb, not the saying of how it ended.
  return yield* Effect.uninterruptibleMask((restore) =>
    Effect.flatMap(Effect.exit(restore(program)), (exit) =>
      Exit.isSuccess(exit)
        ? Effect.succeed(EXIT.done)
        : Cause.hasInterruptsOnly(exit.cause)
        ? Ref.get(interruptedExit)
        : sayFailure(exit.cause, invocation).pipe(Effect.provideService(Output, output)))
  )
})

const isRefused = Schema.is(Refused)
const isEndedWith = Schema.is(EndedWith)
const parseAndRun = Command.runWith(claudemesh, { version: VERSION })

const answer = Effect.fnUntraced(function*(invocation: Invocation) {
  if (invocation.json?.fields === "names") {
    const items = invocation.fields.map((name) => ({ name }))
    return yield* (yield* Output).print(fieldList, { items })
  }
  yield* refuseUnknownFields(invocation)
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

const refuseUnknownFields = Effect.fnUntraced(function*(invocation: Invocation) {
  const unknown = unknownFields(invocation)
  if (unknown.length === 0) return
  const verb = invocation.path.join(" ")
  const named = unknown.map((field) => `"${field}"`).join(", ")
  return yield* refused("usage", `Cannot choose the fields ${named}: ${verb} has no such`, {
    candidates: invocation.fields
  })
})
