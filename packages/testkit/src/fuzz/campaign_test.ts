import { assert, describe, it } from "@effect/vitest"
import { campaign } from "./campaign.ts"
import type { Decoder } from "./decoder.ts"

const decoder: Decoder = {
  name: "even",
  covers: [],
  cases: (number) => `a${number}b`,
  read: (text) => Number(text.slice(1, -1)) % 2 === 0 ? "ok" : "odd"
}

const afraidOfSeven: Decoder = {
  ...decoder,
  read: (text) => {
    if (text.includes("7")) throw new TypeError("seven")
    return "ok"
  }
}

describe("campaign", () => {
  it("counts what came of the cases", () => {
    const { broken, decoder: name, outcomes } = campaign(decoder, { from: 3, cases: 5 })

    assert.deepStrictEqual([...outcomes], [["odd", 3], ["ok", 2]])
    assert.deepStrictEqual([name, broken], ["even", undefined])
  })

  it("stops at a case that breaks a promise, with its number and the least that breaks it", () => {
    const { broken, outcomes } = campaign(afraidOfSeven, { from: 172, cases: 1_000 })

    assert.deepStrictEqual([...outcomes], [])
    assert.deepStrictEqual(broken, {
      number: 172,
      text: "a172b",
      shrunk: "7",
      reason: "TypeError: seven"
    })
  })

  it("tells the slowest case, if there is a clock", () => {
    let time = 0
    const { slowest, slowestMillis } = campaign(
      { ...decoder, read: (text) => `${time += text.includes("5") ? 40 : 1}` },
      { from: 0, cases: 9, now: () => time }
    )
    assert.deepStrictEqual([slowest, slowestMillis], [5, 40])
  })
})
