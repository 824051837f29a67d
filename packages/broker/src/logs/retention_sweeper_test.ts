import { limits } from "@claudemesh/protocol"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { defaultBrokerLimits } from "../broker_limits.ts"
import { LogStore, type SweepOptions } from "../store/log_store.ts"
import { StoreClock } from "../store/store_clock.ts"
import { StoreFailed } from "../store/store_failed.ts"
import * as RetentionSweeper from "./retention_sweeper.ts"

/** What the store's clock shows throughout. */
const NOW = limits.dedupeMillis + 1

function sweeping(results: Array<number>) {
  const swept: Array<SweepOptions> = []
  let kept = 0
  const clock = Layer.succeed(StoreClock, {
    now: () => NOW,
    keep: Effect.sync(() => void (kept += 1))
  })
  const store = Layer.mock(LogStore, {
    sweep: (options) => {
      swept.push(options)
      const entries = results.shift()
      return entries === undefined
        ? new StoreFailed({ fault: "io", reason: "planted" })
        : Effect.succeed({ entries, dedupes: 0 })
    }
  })
  const layer = Layer.provide(RetentionSweeper.layer, [store, clock])
  return { swept, layer, kept: () => kept }
}

describe("RetentionSweeper", () => {
  it.effect("sweeps until there is nothing left, then again after its interval", () => {
    const { layer, swept } = sweeping([5, 0, 0])
    return Effect.gen(function*() {
      yield* TestClock.adjust(0)
      assert.lengthOf(swept, 2)
      yield* TestClock.adjust(defaultBrokerLimits.sweepMillis)
      assert.lengthOf(swept, 3)
      assert.deepInclude(swept[2], { now: NOW, dedupesBefore: 1 })
    }).pipe(Effect.provide(layer))
  })

  it.effect("writes the store's clock down with each sweep", () => {
    const { kept, layer } = sweeping([0, 0])
    return Effect.gen(function*() {
      yield* TestClock.adjust(defaultBrokerLimits.sweepMillis)
      assert.strictEqual(kept(), 2)
    }).pipe(Effect.provide(layer))
  })

  it.effect("goes on after a sweep that failed", () => {
    const { layer, swept } = sweeping([])
    return Effect.gen(function*() {
      yield* TestClock.adjust(defaultBrokerLimits.sweepMillis * 2)
      assert.lengthOf(swept, 3)
    }).pipe(Effect.provide(layer))
  })
})
