import { assert, describe, it } from "@effect/vitest"
import { Result, Schema } from "effect"
import { signed, vectorSet } from "./vector_set.ts"

const halves = {
  file: "halves",
  about: "Half of a number.",
  given: Schema.Null,
  input: Schema.Int,
  answer: (input: number) => input % 2 === 0 ? Result.succeed(input / 2) : Result.fail("odd")
}

describe("vectorSet", () => {
  const set = vectorSet({
    ...halves,
    cases: () => ({ given: null, cases: [["of six", "ok", 6], ["of seven", "odd", 7]] as const })
  })

  it("writes what the code answers", () => {
    assert.deepStrictEqual(set.make().vectors, [
      { name: "of six", input: 6, expect: { ok: 3 } },
      { name: "of seven", input: 7, expect: { refused: "odd" } }
    ])
  })

  it("answers a vector that was read", () => {
    const vector = { name: "of four", input: 4, expect: {} }

    assert.deepStrictEqual(set.answer(vector, null), { ok: 2 })
  })

  it("dies when a case does not turn out as it states", () => {
    const wrong = vectorSet({
      ...halves,
      cases: () => ({ given: null, cases: [["of seven", "ok", 7]] as const })
    })

    assert.throws(() => wrong.make(), /"of seven" should be ok, and is odd/)
  })
})

describe("signed", () => {
  it("refuses what was not", () => {
    assert.isTrue(Result.isSuccess(signed(true)))
    assert.deepStrictEqual(signed(false), Result.fail("bad_signature"))
  })
})
