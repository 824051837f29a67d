/**
 * What is asserted of every table of decoders: that each keeps its promises over a row of cases.
 *
 * @module
 */
import { isErrorCode } from "@claudemesh/protocol/errors"
import { assert } from "@effect/vitest"
import { type Campaign, campaign } from "../campaign.ts"
import type { Decoder } from "../decoder.ts"

/** The decoder breaks no promise in 5,000 cases, of which it reads some and refuses some. */
export function assertKeepsPromises(decoder: Decoder): Campaign["outcomes"] {
  const { broken, outcomes } = campaign(decoder, { from: 0, cases: 5_000 })

  assert.isUndefined(broken)
  assert.isAbove(outcomes.size, 1, "refuses some")
  assert.isTrue([...outcomes.keys()].some((outcome) => /\bok\b/.test(outcome)), "reads some")
  return outcomes
}

/** The decoder keeps its promises, and refuses in no words but those of the error table. */
export function assertRefusesInErrorCodes(decoder: Decoder): void {
  const words = wordsOf(assertKeepsPromises(decoder))

  assert.deepStrictEqual(words.filter((word) => !isOwn(word) && !isErrorCode(word)), [])
}

/** The answers, two of them where a case is read twice. */
function wordsOf(outcomes: Campaign["outcomes"]): ReadonlyArray<string> {
  return [...outcomes.keys()].flatMap((outcome) => outcome.split(", "))
}

/** What is said here of a text that was read, or that never got to a reader with codes. */
function isOwn(word: string): boolean {
  return ["ok", "none", "misfit"].includes(word)
}
