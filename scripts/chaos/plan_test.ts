import { assert, describe, it } from "@effect/vitest"
import { type ChaosOptions, drawStrikes, type Strike } from "./plan.ts"

const options: ChaosOptions = { seed: "a seed", kills: 200, messages: 3_000, store: "postgres" }

function killsAmong(strikes: ReadonlyArray<Strike>): ReadonlyArray<Strike> {
  return strikes.filter(({ fault: { kind } }) => kind === "kill" || kind === "wipe")
}

describe("drawStrikes", () => {
  it("draws the same for the same seed, and something else for another", () => {
    const strikes = drawStrikes(options)

    assert.deepStrictEqual(drawStrikes(options), strikes)
    assert.notDeepEqual(drawStrikes({ ...options, seed: "another" }), strikes)
  })

  it("has as many kills as are asked for, and every message sent", () => {
    const strikes = drawStrikes(options)

    assert.lengthOf(killsAmong(strikes), options.kills)
    assert.strictEqual(strikes.reduce((sum, { messages }) => sum + messages, 0), options.messages)
  })

  it("has every kind of fault in a long run", () => {
    const kinds = new Set(drawStrikes(options).map(({ fault }) => fault.kind))

    assert.lengthOf([...kinds], 9)
  })

  it("wipes the broker's store in the end while a machine is away, so that a loss is not noticed by what follows", () => {
    const [away, wipe] = killsAmong(drawStrikes(options)).slice(-2)

    assert.deepInclude(away?.fault, { kind: "kill", millis: 3_000 })
    assert.deepInclude(wipe, { isWarm: true })
    assert.strictEqual(wipe?.fault.kind, "wipe")
  })

  it("restarts no Postgres where there is none", () => {
    const strikes = drawStrikes({ ...options, store: "sqlite" })

    assert.isUndefined(strikes.find(({ fault }) => fault.kind === "restart_postgres"))
  })

  it("has nothing in a short run that takes a watchdog to notice", () => {
    const strikes = Array.from(
      { length: 50 },
      (_, seed) => drawStrikes({ ...options, seed: String(seed), kills: 5 })
    ).flat()

    for (const { fault } of strikes) {
      if ("millis" in fault) assert.isAtMost(fault.millis, 5_000)
      if (fault.kind === "cut") assert.notStrictEqual(fault.how, "silent")
    }
  })
})
