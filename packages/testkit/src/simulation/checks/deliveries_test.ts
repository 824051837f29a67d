import { assert, describe, it } from "@effect/vitest"
import type { History } from "../history.ts"
import { GOOD, told, without } from "../testing/told.ts"
import { deliveriesOf, excusedDevices } from "./deliveries.ts"

function lossesOf(history: History) {
  return deliveriesOf(history).map(({ isLost, isUnknown }) => ({ isLost, isUnknown }))
}

function excusesOf(history: History): ReadonlyArray<boolean> {
  return deliveriesOf(history).map(({ isExcused }) => isExcused)
}

describe("deliveriesOf", () => {
  it("knows each recipient of a message, and what is shown of it last", () => {
    const history = [told("accepted", 1, { to: ["b", "c"] }), told("shown", 2)]
    assert.deepStrictEqual(
      deliveriesOf(history).map(({ last, recipient }) => [recipient, last?.state]),
      [["b", "inboxed"], ["c", undefined]]
    )
  })

  it("asks nothing of a recipient that left or stays cut off", () => {
    assert.deepStrictEqual(excusesOf(GOOD), [false])
    for (const gone of [told("left", 5), told("cut_off", 5)]) {
      assert.deepStrictEqual(excusesOf([...GOOD, gone]), [
        true
      ])
    }
  })

  it("asks nothing where the time to live is over and a clock was set, and something otherwise", () => {
    const late = told("ended", 2_000)
    const brief = [told("accepted", 1, { ttl: 1_000 }), late]
    assert.deepStrictEqual(excusesOf([told("clock_set", 0), ...brief]), [true])
    assert.deepStrictEqual(excusesOf(brief), [false])
    assert.deepStrictEqual(
      excusesOf([told("clock_set", 0), told("accepted", 1, { ttl: 2_000 }), late]),
      [false]
    )
  })

  it("asks nothing at all for a sender that left or stays cut off", () => {
    assert.deepStrictEqual(deliveriesOf([...GOOD, told("left", 5, { device: "a" })]), [])
    assert.deepStrictEqual(deliveriesOf([...GOOD, told("cut_off", 5, { device: "a" })]), [])
  })

  it("knows what its sender lost, and whether a broker still has it", () => {
    const forgot = told("forgot", 7, { device: "a" })
    assert.deepStrictEqual(lossesOf([...GOOD, forgot]), [{ isLost: false, isUnknown: true }])
    assert.deepStrictEqual(lossesOf([...without("admitted"), forgot]), [
      { isLost: true, isUnknown: true }
    ])
  })
})

describe("excusedDevices", () => {
  it("are those whose machine stays cut off", () => {
    assert.deepStrictEqual([...excusedDevices([...GOOD, told("cut_off", 5)])], ["b"])
  })
})
