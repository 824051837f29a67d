import { assert, describe, it } from "@effect/vitest"
import { Option } from "effect"
import { changeOf } from "./file_change.ts"

function bytes(text: string) {
  return new TextEncoder().encode(text)
}

function file(text: string) {
  return Option.some({ bytes: bytes(text), mode: 0o644 })
}

describe("changeOf", () => {
  it("says what becomes of a file", () => {
    assert.strictEqual(changeOf("a", Option.none(), Option.some(bytes("x"))).change, "created")
    assert.strictEqual(changeOf("a", file("x"), Option.none()).change, "removed")
    assert.strictEqual(changeOf("a", file("x"), Option.some(bytes("x"))).change, "unchanged")
    assert.strictEqual(changeOf("a", Option.none(), Option.none()).change, "unchanged")
  })

  it("shows how a file changes", () => {
    const { change, diff } = changeOf("a", file("x\n"), Option.some(bytes("y\n")))

    assert.strictEqual(change, "changed")
    assert.include(diff, "-x\n+y")
  })
})
