import { assert, describe, it } from "@effect/vitest"
import { pickOne, quickDraw } from "./quick_draw.ts"

function numbers(name: string, number: number, count = 2_000) {
  const draw = quickDraw(name, number)
  return Array.from({ length: count }, () => draw(7))
}

describe("quickDraw", () => {
  it("draws the same for the same name and number, and all that is below the bound", () => {
    assert.deepStrictEqual(numbers("a", 3), numbers("a", 3))
    assert.sameMembers([...new Set(numbers("a", 3))], [0, 1, 2, 3, 4, 5, 6])
  })

  it("draws otherwise for another name or number, beyond 32 bits too", () => {
    const rows = [["a", 3], ["b", 3], ["a", 4], ["a", 2 ** 32 + 3], ["a", 2 ** 33 + 3]] as const
    const texts = rows.map(([name, number]) => numbers(name, number, 20).join())

    assert.lengthOf(new Set(texts), rows.length)
  })
})

describe("pickOne", () => {
  it("gives each choice its turn, and cannot choose from nothing", () => {
    const draw = quickDraw("pick", 0)
    const picked = Array.from({ length: 50 }, () => pickOne(["a", "b"], draw))

    assert.sameMembers([...new Set(picked)], ["a", "b"])
    assert.throws(() => pickOne([], draw), /nothing to choose/)
  })
})
