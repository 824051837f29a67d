import { withoutPostgres } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Layer } from "effect"
import { LogStore } from "../log_store.ts"
import { MembershipStore } from "../membership_store.ts"
import {
  SAMPLE_AT,
  sampleAdmission,
  sampleDevice,
  sampleFounding,
  sampleMesh
} from "../testing/sample.ts"
import { freshStores, livePostgres, storesAt, UNSYNCED } from "./testing/live_postgres.ts"

const mesh = sampleMesh("m")
const [a, b] = [sampleDevice("a"), sampleDevice("b")]

const ENVELOPES = 60

describe.skipIf(withoutPostgres())("sweep", () => {
  const { server } = livePostgres(UNSYNCED)

  it.live("drops each row once, however many brokers sweep at once", () =>
    Effect.gen(function*() {
      const { execute, makeDatabase } = yield* server
      const url = yield* makeDatabase
      const contexts = yield* Effect.forEach(["one", "two", "three"], (name) =>
        Layer.build(Layer.fresh(storesAt(url, name))))
      const stores = contexts.map(Context.get(LogStore))
      const [context] = contexts
      const [store] = stores
      if (context === undefined || store === undefined) {
        return
      }
      yield* Context.get(context, MembershipStore).append(sampleFounding(mesh, a, b))
      const numbers = Array.from({ length: ENVELOPES }, (_, at) =>
        at + 1)
      yield* store.admit(numbers.map((number) => sampleAdmission(number, { to: [a, b], ttl: 10 })))

      const options = { now: SAMPLE_AT + 20, dedupesBefore: SAMPLE_AT + 20, rowsMax: 7 }
      const swept = { entries: 0, dedupes: 0 }
      const sweepAll = Effect.fnUntraced(function*(store: LogStore["Service"]) {
        while (swept.entries < 2 * ENVELOPES || swept.dedupes < ENVELOPES) {
          const { dedupes, entries } = yield* store.sweep(options)
          assert.isAtMost(Math.max(dedupes, entries), options.rowsMax)
          swept.entries += entries
          swept.dedupes += dedupes
        }
      })
      yield* Effect.forEach(stores, sweepAll, { concurrency: "unbounded" })

      assert.deepStrictEqual(swept, { entries: 2 * ENVELOPES, dedupes: ENVELOPES })
      const left =
        "SELECT (SELECT count(*) FROM bodies) + (SELECT sum(unread_entries) FROM devices)"
      assert.strictEqual(yield* execute(url, left), "0")
    }).pipe(Effect.scoped))

  it.live("drops a body with all its entries, though they be more than may go at once", () =>
    Effect.gen(function*() {
      yield* MembershipStore.use((members) => members.append(sampleFounding(mesh, a, b)))
      const logs = yield* LogStore
      const numbers = [1, 2, 3]
      yield* logs.admit(numbers.map((number) => sampleAdmission(number, { to: [a, b], ttl: 10 })))
      const options = { now: SAMPLE_AT + 20, dedupesBefore: 0, rowsMax: 1 }
      const swept = yield* Effect.forEach([1, 2, 3, 4], () => logs.sweep(options))
      assert.deepStrictEqual(swept.map(({ entries }) => entries), [2, 2, 2, 0])
    }).pipe(Effect.provide(freshStores(server))))
})
