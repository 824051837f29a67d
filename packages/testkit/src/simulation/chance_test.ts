import { assert, describe, it } from "@effect/vitest"
import { makeChance } from "./chance.ts"

function draws(seed: string) {
  const chance = makeChance(seed)
  return Array.from({ length: 2_000 }, () => chance.next())
}

describe("makeChance", () => {
  it("draws the same for the same seed, and otherwise for another", () => {
    assert.deepStrictEqual(draws("one"), draws("one"))
    assert.notDeepEqual(draws("one"), draws("two"))
  })

  it("draws evenly from all that it may draw", () => {
    const tenths = Map.groupBy(draws("even"), (draw) => Math.floor(draw * 10))
    assert.sameMembers([...tenths.keys()], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    for (const drawn of tenths.values()) assert.approximately(drawn.length, 200, 60)
  })

  it("keeps to its bounds", () => {
    const chance = makeChance("bounds")
    for (let count = 0; count < 500; count++) {
      assert.include([0, 1, 2], chance.below(3))
      assert.include([3, 4, 5], chance.between(3, 5))
      assert.include(["a", "b"], chance.pick(["a", "b"]))
      assert.isFalse(chance.happens(0))
      assert.isTrue(chance.happens(1))
    }
    assert.lengthOf(chance.bytes(32), 32)
    assert.throws(() => chance.pick([]), "nothing to pick from")
  })

  it("gives each part a stream that no other part shifts", () => {
    const [quiet, busy] = [makeChance("seed"), makeChance("seed")]
    for (let count = 0; count < 10; count++) busy.next()
    assert.strictEqual(quiet.fork("network").next(), busy.fork("network").next())
    assert.notStrictEqual(quiet.fork("disk").next(), quiet.fork("network").next())
  })
})
