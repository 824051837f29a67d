import { assert, describe, it } from "@effect/vitest"
import { Option } from "effect"
import { objectIn, valueIn, withoutMember, withValue } from "./json_text.ts"

const pretty = "{\n    \"a\": { \"x\": [1, \"}\", {}] },\n    \"b\": \"\\\"{\"\n}\n"
const texts = [
  pretty,
  "{\"a\":1}",
  "{ \"a\" : null , \"b\":[[],[{}]] }",
  "\t{\r\n\t\"a\": -1e3\r\n\t}\r\n"
]

describe("an edit of JSON text", () => {
  it.each(texts)("adds a member, and takes it out again: %j", (text) => {
    const added = withValue(text, "new", "{ \"y\": 1 }")

    assert.deepStrictEqual(JSON.parse(added), { ...JSON.parse(text), new: { y: 1 } })
    assert.strictEqual(withoutMember(added, "new"), text)
  })

  it.each(texts)("replaces a value, and puts it back: %j", (text) => {
    const before = valueIn(text, "a") ?? ""
    const changed = withValue(text, "a", "\"other\"")

    assert.strictEqual(JSON.parse(changed).a, "other")
    assert.strictEqual(withValue(changed, "a", before), text)
  })

  it("adds in the same form as what is there", () => {
    assert.include(withValue(pretty, "c", "1"), "\"\\\"{\",\n    \"c\": 1\n}\n")
    assert.strictEqual(
      withValue("{\r\n\t\"a\":1\r\n}", "c", "1"),
      "{\r\n\t\"a\":1,\r\n\t\"c\": 1\r\n}"
    )
    assert.strictEqual(withValue(" {} \n", "c", "1"), " {\n  \"c\": 1\n} \n")
  })

  it("takes out the first, the last and the only member", () => {
    assert.strictEqual(withoutMember("{ \"a\": 1, \"b\": 2 }", "a"), "{ \"b\": 2 }")
    assert.strictEqual(withoutMember("{ \"a\": 1, \"b\": 2 }", "b"), "{ \"a\": 1 }")
    assert.strictEqual(withoutMember("{ \"a\": 1 }\n", "a"), "{}\n")
    assert.strictEqual(withoutMember("{ \"a\": 1 }", "c"), "{ \"a\": 1 }")
  })

  it("finds a member by what its key says, not by how it is written", () => {
    assert.strictEqual(valueIn("{\"\\u0061\": 1}", "a"), "1")
    assert.isUndefined(valueIn("{\"b\": {\"a\": 1}}", "a"))
  })
})

describe("objectIn", () => {
  it("is only for one plain object, in which no name is twice", () => {
    for (
      const text of [
        "[]",
        "1",
        "",
        "{",
        "{\"a\":1,}",
        "// x\n{}",
        "{\"a\":1,\"a\":2}",
        "{\"a\":1,\"\\u0061\":2}"
      ]
    ) {
      assert.isTrue(Option.isNone(objectIn(text)), text)
    }
    assert.deepStrictEqual(objectIn(pretty), Option.some(JSON.parse(pretty)))
  })
})
