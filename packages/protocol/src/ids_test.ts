import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import {
  DeviceId,
  InviteId,
  MemberId,
  MeshId,
  MessageId,
  Name,
  PrekeyId,
  SessionId
} from "./ids.ts"

const body = "abcdefghijklmnopqrstuvwxyz"
const prefixed = [
  ["m", MeshId],
  ["u", MemberId],
  ["d", DeviceId],
  ["i", InviteId],
  ["p", PrekeyId]
] as const

describe("ids of keys", () => {
  it.each(prefixed)("that begin with %s_ take 26 characters of base32", (prefix, schema) => {
    assert.isTrue(Schema.is(schema)(`${prefix}_${body}`))
    assert.isTrue(Schema.is(schema)(`${prefix}_${"234567".repeat(5).slice(0, 26)}`))
  })

  it.each(prefixed)("that begin with %s_ are refused in any other form", (prefix, schema) => {
    const wrong = [
      `x_${body}`,
      `${prefix}_${body.slice(1)}`,
      `${prefix}_${body}a`,
      `${prefix}_${body.toUpperCase()}`,
      `${prefix}_${body.slice(1)}1`,
      `${prefix}-${body}`,
      ` ${prefix}_${body}`,
      `${prefix}_${body}\n`,
      body
    ]

    assert.deepStrictEqual(wrong.filter(Schema.is(schema)), [])
  })
})

describe("MessageId", () => {
  it("is a UUIDv7 in lower case, and nothing else", () => {
    assert.isTrue(Schema.is(MessageId)("019b7600-0000-7000-8000-000000000001"))
    const wrong = [
      "019b7600-0000-4000-8000-000000000001",
      "019b7600-0000-7000-c000-000000000001",
      "019B7600-0000-7000-8000-000000000001",
      "019b760000007000800000000000001",
      "{019b7600-0000-7000-8000-000000000001}",
      "x".repeat(10_240)
    ]
    assert.deepStrictEqual(wrong.filter(Schema.is(MessageId)), [])
  })
})

describe("SessionId", () => {
  it("is a UUID of any version in lower case", () => {
    assert.isTrue(Schema.is(SessionId)("6f1c0de0-1111-4222-8333-944455556666"))
    assert.isFalse(Schema.is(SessionId)("6F1C0DE0-1111-4222-8333-944455556666"))
    assert.isFalse(Schema.is(SessionId)("6f1c0de0-1111-4222-7333-944455556666"))
  })
})

describe("Name", () => {
  it.each(["a", "0", "ada", "ada-2", "a.b_c", "x".repeat(32)])("accepts %s", (name) => {
    assert.isTrue(Schema.is(Name)(name))
  })

  it.each([
    "",
    "x".repeat(33),
    "Ada",
    "-a",
    ".a",
    "_a",
    "a b",
    "a@b",
    "a/b",
    "ä",
    "a\u001b[0m",
    "a\n",
    "аda",
    "__proto__"
  ])("refuses %j", (name) => {
    assert.isFalse(Schema.is(Name)(name))
  })
})
