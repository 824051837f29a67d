/**
 * Asks a person whether something is to be done, where there is one.
 *
 * @module
 */
import { refused } from "@claudemesh/protocol/errors"
import { Effect, Option, Stdio, Stream } from "effect"
import { Output } from "../output.ts"
import { asked } from "./install_surroundings.ts"

/** Refuses where nobody can be asked, and names the flag that answers. */
export const refuseUnasked = Effect.gen(function*() {
  const { interactive } = yield* (yield* Output).page
  const isCi = (yield* Effect.orDie(asked("CI"))) !== ""
  if (interactive && !isCi) return
  return yield* refused(
    "needs_input",
    "Cannot ask whether to install: give --yes, or --dry-run to see what it would do"
  )
})

/** Shows what it is about, and whether the answer is yes. */
export const isAgreed = Effect.fn("isAgreed")(function*(about: string, question: string) {
  const { note } = yield* Output
  yield* Effect.forEach(about.split("\n"), note, { discard: true })
  yield* note(`${question} [y/N]`)
  const { stdin } = yield* Stdio.Stdio
  const line = yield* stdin.pipe(
    Stream.decodeText(),
    Stream.splitLines,
    Stream.runHead,
    Effect.orElseSucceed(() => Option.none<string>())
  )
  return /^(y|yes)$/i.test(Option.getOrElse(line, () => "").trim())
})
