import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { canonicalJson, type CanonicalValue } from "./canonical_json.ts"

// RFC 8785, sections 3.2.2 and 3.2.3, and the test data that its authors publish.
const published: ReadonlyArray<readonly [name: string, json: string, canonical: string]> = [
  [
    "numbers, strings and literals",
    String.raw`{ "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/", "literals": [null, true, false] }`,
    "{\"literals\":[null,true,false],\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27]," +
    "\"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}"
  ],
  [
    "keys by UTF-16 code unit",
    String
      .raw`{ "\u20ac": 5, "\r": 1, "\ufb33": 7, "1": 2, "\ud83d\ude00": 6, "\u0080": 3, "\u00f6": 4 }`,
    "{\"\\r\":1,\"1\":2,\"\u0080\":3,\"ö\":4,\"€\":5,\"😀\":6,\"\ufb33\":7}"
  ],
  [
    "arrays",
    "[ 56, { \"d\": true, \"10\": null, \"1\": [ ] } ]",
    "[56,{\"1\":[],\"10\":null,\"d\":true}]"
  ],
  [
    "no locale",
    "{ \"peach\": \"a\", \"péché\": \"b\", \"pêche\": \"c\", \"sin\": \"d\" }",
    "{\"peach\":\"a\",\"péché\":\"b\",\"pêche\":\"c\",\"sin\":\"d\"}"
  ],
  [
    "structures",
    String.raw`{ "1": {"f": {"f": "hi","F": 5} ,"\n": 56.0}, "10": { }, "": "empty", "a": { },
      "111": [ {"e": "yes","E": "no" } ], "A": { } }`,
    "{\"\":\"empty\",\"1\":{\"\\n\":56,\"f\":{\"F\":5,\"f\":\"hi\"}},\"10\":{},\"111\":" +
    "[{\"E\":\"no\",\"e\":\"yes\"}],\"A\":{},\"a\":{}}"
  ],
  [
    "no normalisation of Unicode",
    String.raw`{ "Unnormalized Unicode": "A\u030a" }`,
    "{\"Unnormalized Unicode\":\"A\u030a\"}"
  ],
  [
    "what looks weird",
    String.raw`{ "\u000a": 1, "</script>": "x", "\u0080": "Control\u007f", "\ud83d\ude02": 2 }`,
    "{\"\\n\":1,\"</script>\":\"x\",\"\u0080\":\"Control\u007f\",\"😂\":2}"
  ]
]

// RFC 8785, appendix B: the bits of a number and its text.
const numbers: ReadonlyArray<readonly [bits: string, text: string]> = [
  ["0000000000000000", "0"],
  ["8000000000000000", "0"],
  ["0000000000000001", "5e-324"],
  ["8000000000000001", "-5e-324"],
  ["7fefffffffffffff", "1.7976931348623157e+308"],
  ["ffefffffffffffff", "-1.7976931348623157e+308"],
  ["4340000000000000", "9007199254740992"],
  ["c340000000000000", "-9007199254740992"],
  ["4430000000000000", "295147905179352830000"],
  ["44b52d02c7e14af5", "9.999999999999997e+22"],
  ["44b52d02c7e14af6", "1e+23"],
  ["44b52d02c7e14af7", "1.0000000000000001e+23"],
  ["444b1ae4d6e2ef4e", "999999999999999700000"],
  ["444b1ae4d6e2ef4f", "999999999999999900000"],
  ["444b1ae4d6e2ef50", "1e+21"],
  ["3eb0c6f7a0b5ed8c", "9.999999999999997e-7"],
  ["3eb0c6f7a0b5ed8d", "0.000001"],
  ["41b3de4355555553", "333333333.3333332"],
  ["41b3de4355555554", "333333333.33333325"],
  ["41b3de4355555555", "333333333.3333333"],
  ["41b3de4355555556", "333333333.3333334"],
  ["41b3de4355555557", "333333333.33333343"],
  ["becbf647612f3696", "-0.0000033333333333333333"],
  ["43143ff3c1cb0959", "1424953923781206.2"]
]

describe("canonicalJson", () => {
  it.each(published)("writes the published example of %s", (_, json, canonical) => {
    assert.strictEqual(canonicalJson(read(json)), canonical)
  })

  it.each(numbers)("writes the number of bits %s as %s", (bits, text) => {
    const view = new DataView(new ArrayBuffer(8))
    view.setBigUint64(0, BigInt(`0x${bits}`))

    assert.strictEqual(canonicalJson(view.getFloat64(0)), text)
  })

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    "has no text for %d",
    (number) => {
      assert.throws(() => canonicalJson(number), /not finite/)
    }
  )

  it.each(["\ud800", "a\udc00", "\udc00\ud800"])(
    "has no text for the lone surrogate in %j",
    (text) => {
      assert.throws(() => canonicalJson(text), /lone surrogate/)
      assert.throws(() => canonicalJson({ [text]: 1 }), /lone surrogate/)
    }
  )

  it("leaves out a key without a value", () => {
    assert.strictEqual(canonicalJson({ b: undefined, a: 1 }), "{\"a\":1}")
  })

  it.prop(
    "writes what it wrote in the same way, and loses nothing",
    [Schema.Json],
    ([value]) => {
      // `-0` is the one number that JSON cannot tell from another.
      const once = canonicalJson(read(JSON.stringify(wellFormed(value))))

      assert.strictEqual(canonicalJson(read(once)), once)
      assert.deepStrictEqual(read(once), read(JSON.stringify(wellFormed(value))))
    },
    { arbitrary: { seed: "canonical json", runs: 300 } }
  )
})

function read(json: string): CanonicalValue {
  return JSON.parse(json)
}

function wellFormed(value: Schema.Json): Schema.Json {
  return JSON.parse(JSON.stringify(value).replaceAll(/\\ud[89a-f][0-9a-f]{2}/g, "?"))
}
