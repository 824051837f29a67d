import { assert, describe, it } from "@effect/vitest"
import type { Json } from "../mutations.ts"
import { countNodes, nodeAt, pathTo, withNode } from "./json_tree.ts"

const tree: Json = { a: [1, { b: null }], c: "d" }

describe("countNodes and pathTo", () => {
  it("lead to every node, and no further", () => {
    const numbers = Array.from({ length: countNodes(tree) }, (_, at) => at)

    assert.deepStrictEqual(numbers.map((number) => pathTo(tree, number)), [
      [],
      ["a"],
      ["a", 0],
      ["a", 1],
      ["a", 1, "b"],
      ["c"]
    ])
    assert.deepStrictEqual(pathTo(tree, 6), [])
  })
})

describe("nodeAt", () => {
  it("finds nothing that the value was not given", () => {
    const astray = [["b"], ["a", 2], ["c", 0], ["toString"], ["a", "length"]]
    assert.deepStrictEqual(astray.map((path) => nodeAt(tree, path)), Array(5).fill(undefined))
  })
})

describe("withNode", () => {
  it("changes one node and leaves the value as it was", () => {
    const before = JSON.stringify(tree)

    assert.deepStrictEqual(withNode(tree, ["a", 1, "b"], () => 7), { a: [1, { b: 7 }], c: "d" })
    assert.deepStrictEqual(withNode(tree, [], () => 7), 7)
    assert.strictEqual(JSON.stringify(tree), before)
  })

  it("takes one node out", () => {
    assert.deepStrictEqual(withNode(tree, ["a", 0], () => undefined), { a: [{ b: null }], c: "d" })
    assert.deepStrictEqual(withNode(tree, ["c"], () => undefined), { a: [1, { b: null }] })
    assert.isNull(withNode(tree, [], () => undefined))
  })

  it("goes nowhere that there is not", () => {
    assert.strictEqual(withNode(tree, ["x", "y"], () => 7), tree)
  })

  it("keeps a field named __proto__ as a field", () => {
    const odd: Json = JSON.parse("{\"__proto__\":{\"a\":1}}")
    const changed = withNode(odd, ["__proto__", "a"], () => 2)
    assert.strictEqual(JSON.stringify(changed), "{\"__proto__\":{\"a\":2}}")
  })
})
