import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { Readable } from "node:stream"
import {
  asMembers,
  countIn,
  INPUT_BYTES_MAX,
  listIn,
  membersOf,
  readInput,
  textIn
} from "./input.ts"

function read(...chunks: ReadonlyArray<Uint8Array>) {
  return Effect.promise(() => readInput(Readable.from(chunks)))
}

function bytes(text: string) {
  return new TextEncoder().encode(text)
}

describe("readInput", () => {
  it.effect("reads an object, wherever its chunks end", () =>
    Effect.gen(function*() {
      const text = bytes("{\"cwd\":\"/é\"}")
      const members = membersOf(yield* read(text.subarray(0, 10), text.subarray(10)))

      assert.strictEqual(textIn(members, "cwd"), "/é")
    }))

  it.effect("takes what it should not be for nothing", () =>
    Effect.gen(function*() {
      for (const text of ["", "null", "[1]", "\"x\"", "{", "\0\0", "{\"a\":1}{"]) {
        assert.deepStrictEqual(membersOf(yield* read(bytes(text))), {})
      }
    }))

  it.effect("stops at the limit", () =>
    Effect.gen(function*() {
      const much = bytes(JSON.stringify({ text: "x".repeat(INPUT_BYTES_MAX) }))
      const input = yield* read(much, much)

      assert.isFalse(input.isWhole)
      assert.deepStrictEqual(membersOf(input), {})
    }))
})

describe("what is in an object", () => {
  it("is only taken for what it is", () => {
    const members = asMembers({ text: 1, count: -2, list: { 0: 1 } })

    assert.strictEqual(textIn(members, "text"), "")
    assert.strictEqual(countIn(members, "count"), 0)
    assert.deepStrictEqual(listIn(members, "list"), [])
    assert.deepStrictEqual(asMembers(["x"]), {})
  })
})
