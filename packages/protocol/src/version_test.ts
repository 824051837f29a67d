import { assert, describe, it } from "@effect/vitest"
import { commonVersion, PROTOCOL_VERSIONS } from "./version.ts"

describe("commonVersion", () => {
  it("is the best that both sides speak, whatever the order they name them in", () => {
    assert.strictEqual(commonVersion([3, 1, 2]), 1)
    assert.strictEqual(commonVersion(PROTOCOL_VERSIONS.toReversed()), PROTOCOL_VERSIONS[0])
  })

  it("is nothing if there is none", () => {
    assert.isUndefined(commonVersion([2, 3]))
    assert.isUndefined(commonVersion([]))
  })
})

describe("PROTOCOL_VERSIONS", () => {
  it("names each version once, best first", () => {
    const sorted = [...new Set(PROTOCOL_VERSIONS)].toSorted((one, other) => other - one)

    assert.deepStrictEqual([...PROTOCOL_VERSIONS], sorted)
  })
})
