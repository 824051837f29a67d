import { mutatedText, outcomeOf, seededDraw } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Result, Schema } from "effect"
import { parseUntrustedJson } from "./json_text.ts"

describe("parseUntrustedJson", () => {
  it.each([
    "null",
    "[1,\"{\",{\"a\":[]}]",
    "{\"a\":{\"a\":{\"a\":1}},\"b\":{\"a\":2}}",
    " { \"a\" : \"b\\\"}:\" } ",
    "[\"a\",\"a\",\":\"]",
    "{\"a\\\\\":1,\"a\":\"\\\\\"}"
  ])("reads %s as JSON does", (text) => {
    assert.deepStrictEqual(parseUntrustedJson(text), Result.succeed(JSON.parse(text)))
  })

  it("reads 32 levels and not 33, of objects as of arrays", () => {
    assert.strictEqual(outcomeOf(parseUntrustedJson(arrays(32))), "ok")
    assert.strictEqual(outcomeOf(parseUntrustedJson(arrays(33))), "malformed")
    assert.strictEqual(outcomeOf(parseUntrustedJson(objects(32))), "ok")
    assert.strictEqual(outcomeOf(parseUntrustedJson(objects(33))), "malformed")
  })

  it("does not count brackets inside strings", () => {
    assert.strictEqual(outcomeOf(parseUntrustedJson(`["${"[".repeat(1_000)}"]`)), "ok")
  })

  it.each([
    ["a key twice", "{\"a\":1,\"a\":2}"],
    ["a key twice with others between", "{\"a\":1,\"b\":{\"a\":1},\"a\":2}"],
    ["a key twice, once escaped", "{\"a\":1,\"\\u0061\":2}"],
    ["a key twice, white space before the colon", "{\"a\"\n\t :1,\"a\"\r:2}"],
    ["a key twice after a string that ends in a backslash", "{\"x\":\"\\\\\",\"a\":1,\"a\":2}"],
    ["a key twice after an escaped quote", "{\"x\":\"\\\"\",\"a\":1,\"a\":2}"],
    ["a key twice in an inner object", "[{\"x\":{\"a\":1,\"a\":1}}]"],
    ["__proto__", "{\"__proto__\":{\"admin\":true}}"],
    ["__proto__, escaped", "{\"\\u005f_proto__\":{}}"],
    ["constructor", "{\"constructor\":{\"prototype\":{}}}"],
    ["a broken escape in a key", "{\"\\x\":1}"],
    ["a key outside an object", "[\"a\":1]"],
    ["a key alone", "\"a\":1"],
    ["two values", "{}{}"],
    ["an open string", "{\"a"],
    ["an open string that ends in an escape", "[\"\\"],
    ["closing brackets only", "]]]}"],
    ["the wrong bracket", "[}"],
    ["a comment", "{/**/}"],
    ["NaN", "[NaN]"],
    ["a raw control character", "[\"\u0007\"]"],
    ["a byte order mark", "\ufeff{}"],
    ["nothing", ""]
  ])("refuses %s", (_, text) => {
    assert.strictEqual(outcomeOf(parseUntrustedJson(text)), "malformed")
  })

  it("quotes a long or hostile key cut and escaped", () => {
    const refusal = parseUntrustedJson(
      `{"${"\u001b".repeat(9_999)}":1,"${"\u001b".repeat(9_999)}":1}`
    )

    const message = Result.isFailure(refusal) ? refusal.failure.message : ""
    assert.include(message, "\\u001b")
    assert.isBelow(message.length, 300)
    assert.notInclude(message, "\u001b")
  })

  it.each([
    ["brackets", "[".repeat(65_536)],
    ["backslashes", `"${"\\".repeat(65_535)}`],
    ["quotes", "\"".repeat(65_536)],
    ["keys", `{${Array.from({ length: 7_000 }, (_, at) => `"${at}":1`).join()}}`],
    ["white space", `["a"${" ".repeat(65_000)}`],
    ["strings with white space between", `["a"${`${" ".repeat(100)},"a"`.repeat(600)}]`]
  ])("takes a frame full of %s without losing time", (_, text) => {
    // A scan in square time would take minutes for these hundred.
    for (let round = 0; round < 100; round++) parseUntrustedJson(text)
  }, 10_000)

  it.prop(
    "reads whatever JSON writes, unless a key is forbidden or nested too deep",
    [Schema.Json],
    ([value]) => {
      const text = JSON.stringify(value)
      const read = parseUntrustedJson(text)

      if (Result.isSuccess(read)) assert.deepStrictEqual(read.success, JSON.parse(text))
      else assert.match(read.failure.message, /__proto__|constructor|nested/)
    },
    { arbitrary: { seed: "json text", runs: 300 } }
  )

  it("never throws, and never reads what JSON does not, whatever happens to a text", () => {
    const draw = seededDraw("json text")
    const text = "{\"a\":[1,{\"b\":\"c\\\"\\u0041\"},null],\"d\":{\"a\":-1.5e3},\"\":\"\"}"
    for (let round = 0; round < 20_000; round++) {
      const changed = mutatedText(mutatedText(text, draw), draw)
      const read = parseUntrustedJson(changed)
      if (Result.isSuccess(read)) assert.deepStrictEqual(read.success, JSON.parse(changed))
    }
  })
})

function arrays(depth: number): string {
  return "[".repeat(depth) + "]".repeat(depth)
}

function objects(depth: number): string {
  return `${"{\"a\":".repeat(depth)}1${"}".repeat(depth)}`
}
