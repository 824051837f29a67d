import { assert, describe, it } from "@effect/vitest"
import { isPassing, stateOf, toStoreFailed } from "./sql_fault.ts"
import { connectionError, serverError } from "./testing/sql_errors.ts"

describe("isPassing", () => {
  it("holds of what a repetition cures, and of nothing else", () => {
    const passing = ["40001", "40P01", "57P01", "57P03", "55000"].map((code) => serverError(code))
    const lasting = ["23505", "28P01", "42P01", "53100", "57014"].map((code) => serverError(code))

    assert.isTrue([connectionError(), ...passing].every(isPassing))
    assert.isFalse(lasting.some(isPassing))
  })
})

describe("toStoreFailed", () => {
  it("tells a full disk from a failing one, a damaged one, and all else", () => {
    const codes = ["53100", "58030", "XX001", "57014"]
    const faults = codes.map((code) => toStoreFailed(serverError(code)).fault)

    assert.deepStrictEqual(faults, ["full", "io", "corrupt", "unknown"])
  })

  it("says what the server said, and not what the driver calls it", () => {
    assert.strictEqual(toStoreFailed(serverError("53100", "no space left")).reason, "no space left")
    assert.strictEqual(toStoreFailed(connectionError("cut")).reason, "cut")
  })
})

describe("stateOf", () => {
  it("takes no code of the system for one of the server", () => {
    assert.isUndefined(stateOf(connectionError()))
    assert.strictEqual(stateOf(serverError("40P01")), "40P01")
  })
})
