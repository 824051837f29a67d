import { withoutPostgres } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { StoreClock } from "../store_clock.ts"
import { livePostgres, storesAt, UNSYNCED } from "./testing/live_postgres.ts"

const MADE = 1_767_225_600_000

/** One run of a broker: what its clock shows, which it writes down. */
function runAt(url: string) {
  return Effect.gen(function*() {
    const clock = yield* StoreClock
    const first = clock.now()
    yield* clock.keep
    return first - MADE
  }).pipe(Effect.provide(Layer.fresh(storesAt(url))))
}

describe.skipIf(withoutPostgres())("StoreClock", () => {
  const { server } = livePostgres(UNSYNCED)

  it.effect("goes on from what the broker that was ahead has written down", () =>
    Effect.gen(function*() {
      const { makeDatabase } = yield* server
      const url = yield* makeDatabase
      yield* TestClock.setTime(MADE)
      assert.strictEqual(yield* runAt(url), 0)
      yield* TestClock.setTime(MADE + 60_000)
      assert.strictEqual(yield* runAt(url), 60_000)
      yield* TestClock.setTime(MADE + 30_000)
      assert.strictEqual(yield* runAt(url), 60_000)
    }))
})
