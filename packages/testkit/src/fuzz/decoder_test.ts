import { assert, describe, it } from "@effect/vitest"
import { Result, Schema } from "effect"
import { assertSound, codecOf, readTwice } from "./decoder.ts"

describe("readTwice", () => {
  const codec = codecOf(Schema.Struct({ a: Schema.Int }))

  it("answers in a word", () => {
    assert.strictEqual(readTwice(codec, "{\"a\":1}"), "ok")
    assert.strictEqual(readTwice(codec, "{\"a\":\"1\"}"), "misfit")
    assert.strictEqual(readTwice(codec, "{\"a\":1,\"b\":2}"), "ok")
    assert.strictEqual(readTwice(codec, "{\"a\":1,\"a\":2}"), "malformed")
  })

  it("catches a writer whose text is read otherwise, or not at all", () => {
    const shifting = {
      ...codec,
      write: (value: unknown) => `{"a":${JSON.stringify(value).length}}`
    }
    const mute = { ...codec, write: () => "" }

    assert.throws(() => readTwice(shifting, "{\"a\":10}"), /otherwise/)
    assert.throws(() => readTwice(mute, "{\"a\":1}"), /own text not: malformed/)
  })

  it("takes the words of a reader that has its own", () => {
    const reader = { read: () => Result.fail("never"), write: String }
    assert.strictEqual(readTwice(reader, ""), "never")
  })
})

describe("assertSound", () => {
  it("takes what frames may hold", () => {
    assertSound({ a: [0, 1, Number.MAX_SAFE_INTEGER], b: "-0", c: null, d: { toString: "x" } })
  })

  it.each([[[-0]], [{ a: 2 ** 53 }], [0.5], [JSON.parse("{\"a\":{\"__proto__\":1}}")]])(
    "does not take %j",
    (value) => {
      assert.throws(() => assertSound(value), /Took/)
    }
  )
})
