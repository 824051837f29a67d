import { assert, describe, it } from "@effect/vitest"
import { carried, SOUND_LINK } from "./link_faults.ts"
import { makeChance } from "./simulation/chance.ts"

const piece = makeChance("a piece").bytes(200)

describe("carried", () => {
  it("leaves everything as it is on a sound link", () => {
    const whole = carried(piece, SOUND_LINK, makeChance("sound"))

    assert.deepStrictEqual(whole, { bytes: piece, delayMillis: 0, isLast: false })
  })

  it("lets only the beginning arrive of what it truncates", () => {
    const { bytes, isLast } = carried(
      piece,
      { ...SOUND_LINK, truncateChance: 1 },
      makeChance("cut")
    )

    assert.isTrue(isLast)
    assert.isBelow(bytes.length, piece.length)
    assert.deepStrictEqual(bytes, piece.subarray(0, bytes.length))
  })

  it("turns over exactly one bit", () => {
    const { bytes } = carried(piece, { ...SOUND_LINK, flipChance: 1 }, makeChance("flip"))

    const changed = [...bytes].map((byte, at) => byte ^ (piece[at] ?? 0)).filter((xor) => xor !== 0)
    assert.lengthOf(changed, 1)
    assert.strictEqual(Math.log2(changed[0] ?? 0) % 1, 0)
  })

  it("draws the same for the same seed", () => {
    const faults = { ...SOUND_LINK, delayMillisMax: 500, truncateChance: 0.5, flipChance: 0.5 }
    const [one, other] = ["seed", "seed"].map((seed) => {
      const chance = makeChance(seed)
      return Array.from({ length: 20 }, () => carried(piece, faults, chance))
    })

    assert.deepStrictEqual(one, other)
  })
})
