import { isErrorCode } from "@claudemesh/protocol/errors"
import { assert, describe, it } from "@effect/vitest"
import { campaign } from "./campaign.ts"
import { wireDecoders } from "./wire_decoders.ts"

describe("readers of what comes over a wire", () => {
  it.each(wireDecoders.map((decoder) => [decoder.name, decoder] as const))(
    "%s keeps its promises, whatever it reads, and refuses in the words of the error table",
    (_, decoder) => {
      const { broken, outcomes } = campaign(decoder, { from: 0, cases: 5_000 })

      assert.isUndefined(broken)
      assert.isAbove(outcomes.size, 1, "refuses some")
      assert.isTrue([...outcomes.keys()].some((outcome) => /\bok\b/.test(outcome)), "reads some")
      assert.deepStrictEqual(
        wordsOf(outcomes).filter((word) => !isOwn(word) && !isErrorCode(word)),
        []
      )
    }
  )
})

/** The answers, two of them where a case is read twice. */
function wordsOf(outcomes: ReadonlyMap<string, number>): ReadonlyArray<string> {
  return [...outcomes.keys()].flatMap((outcome) => outcome.split(", "))
}

/** What is said here of a text that was read, or that never got to a reader with codes. */
function isOwn(word: string): boolean {
  return ["ok", "none", "misfit"].includes(word)
}
