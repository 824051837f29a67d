import { Envelope, readEnvelope } from "@claudemesh/protocol"
import { assert, describe, it } from "@effect/vitest"
import { Result, Schema } from "effect"
import { encoderOf, isPlainSchema, samplesOf, toJson } from "./samples.ts"

describe("samplesOf", () => {
  it("gives values that the schema takes, and the same for the same seed", () => {
    const options = { seed: "a", count: 5, size: 1 }
    const envelopes = samplesOf(Envelope, options)

    assert.lengthOf(envelopes, 5)
    assert.isTrue(envelopes.every((envelope) => Schema.is(Envelope)(envelope)))
    assert.deepStrictEqual(samplesOf(Envelope, options), envelopes)
    assert.notDeepEqual(samplesOf(Envelope, { ...options, seed: "b" }), envelopes)
    // What holds between fields is said by no schema.
    assert.isTrue(envelopes.some((envelope) => Result.isFailure(readEnvelope(envelope))))
  })

  it("gives them as they travel", () => {
    const [text] = samplesOf(Schema.fromJsonString(Schema.Boolean), { seed: "a", count: 1 })
    assert.include(["true", "false"], text)
  })
})

describe("encoderOf", () => {
  it("writes values of its schema, and nothing else", () => {
    const encode = encoderOf(Schema.fromJsonString(Schema.Boolean))

    assert.strictEqual(encode(true), "true")
    assert.throws(() => encode("true"))
  })
})

describe("isPlainSchema", () => {
  it("tells schemas from what else is exported", () => {
    assert.deepStrictEqual([Envelope, readEnvelope, {}, undefined].map(isPlainSchema), [
      true,
      false,
      false,
      false
    ])
  })
})

describe("toJson", () => {
  it("leaves out what JSON leaves out", () => {
    assert.deepStrictEqual(toJson({ a: undefined, b: -0 }), { b: 0 })
  })
})
