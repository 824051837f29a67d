import { toBase64Url } from "@claudemesh/protocol/crypto"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as SecureRandom from "effect/crypto/SecureRandom"
import { layerSeededRandom, seededBytes } from "./seeded_bytes.ts"

describe("seededBytes", () => {
  it("gives the same row for the same seed, and another for another", () => {
    const rows = ["a", "a", "b"].map((seed) => {
      const bytes = seededBytes(seed)
      return [bytes(5), bytes(64), bytes(0), bytes(33)].map(toBase64Url).join()
    })

    assert.strictEqual(rows[0], rows[1])
    assert.notStrictEqual(rows[0], rows[2])
  })

  it("never gives a block twice", () => {
    const bytes = seededBytes("blocks")
    const blocks = Array.from({ length: 1_000 }, () => toBase64Url(bytes(32)))

    assert.strictEqual(new Set(blocks).size, 1_000)
  })
})

describe("layerSeededRandom", () => {
  it.effect("is a source of chance that a seed makes again", () =>
    Effect.gen(function*() {
      const bytes = SecureRandom.SecureRandom.use((random) => random.randomBytes(16))

      const one = yield* Effect.provide(bytes, layerSeededRandom("seed"))
      const again = yield* Effect.provide(bytes, layerSeededRandom("seed"))

      assert.deepStrictEqual(one, again)
    }))
})
