import { withoutPostgres } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { StoreClock } from "../store_clock.ts"
import { livePostgres, storesAt, UNSYNCED } from "./testing/live_postgres.ts"

/** Longer than a run takes. */
const SOON = 60_000
const HOUR = 3_600_000

/** One run of a broker, whose own clock shows that: what the store's clock shows, which it writes down. */
const runAt = Effect.fnUntraced(function*(url: string, wall: number) {
  yield* TestClock.setTime(wall)
  return yield* Effect.gen(function*() {
    const clock = yield* StoreClock
    const first = clock.now()
    yield* clock.keep
    return first
  }).pipe(Effect.provide(Layer.fresh(storesAt(url))))
})

describe.skipIf(withoutPostgres())("StoreClock", () => {
  const { server } = livePostgres(UNSYNCED)

  it.effect("is the database's for every broker, however wrong its own is", () =>
    Effect.gen(function*() {
      const { makeDatabase } = yield* server
      const url = yield* makeDatabase
      const first = yield* runAt(url, 1_767_225_600_000)
      for (const wrong of [-10 * HOUR, 10 * HOUR]) {
        const other = yield* runAt(url, 1_767_225_600_000 + wrong)
        assert.isTrue(other >= first && other < first + SOON, `${other - first} ms off`)
      }
    }))

  it.effect("never goes back behind what another broker has written down", () =>
    Effect.gen(function*() {
      const { execute, makeDatabase } = yield* server
      const url = yield* makeDatabase
      const first = yield* runAt(url, 1_767_225_600_000)
      yield* execute(url, `UPDATE store SET clock = clock + ${HOUR}`)

      assert.isTrue((yield* runAt(url, 1_767_225_600_000)) >= first + HOUR)
    }))
})
