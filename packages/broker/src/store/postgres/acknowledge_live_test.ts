import { withoutPostgres } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Layer } from "effect"
import { LogStore } from "../log_store.ts"
import { MembershipStore } from "../membership_store.ts"
import { sampleAdmission, sampleDevice, sampleFounding, sampleMesh } from "../testing/sample.ts"
import { livePostgres, storesAt, UNSYNCED } from "./testing/live_postgres.ts"

const mesh = sampleMesh("m")
const devices = ["a", "b", "c"].map(sampleDevice)

const ROUNDS = 25

describe.skipIf(withoutPostgres())("acknowledge", () => {
  const { server } = livePostgres(UNSYNCED)

  it.live("locks who reads and whose mail is read in one order, in which the others lock as well", () =>
    Effect.gen(function*() {
      const { execute, makeDatabase } = yield* server
      const url = yield* makeDatabase
      const stores = yield* Effect.forEach(
        devices,
        (device) => Layer.build(Layer.fresh(storesAt(url, device)))
      )
      const [first] = stores
      if (first === undefined) return
      yield* Context.get(first, MembershipStore).append(sampleFounding(mesh, ...devices))

      // Each reads at a broker of its own what all write to all.
      yield* Effect.forEach(stores.entries().toArray(), ([at, context]) => {
        const store = Context.get(context, LogStore)
        const device = sampleDevice("abc".charAt(at))
        const round = Effect.fnUntraced(function*(number: number) {
          yield* store.admit([sampleAdmission(100 * at + number, { from: device, to: devices })])
          yield* store.acknowledge([{ mailbox: { mesh, device }, epoch: 0, upto: 2 * number }])
        })
        return Effect.forEach(Array.from({ length: ROUNDS }, (_, number) => number + 1), round)
      }, { concurrency: "unbounded" })
      // One that was done early has read less than the others have sent since.
      const acks = devices.map((device) => ({
        mailbox: { mesh, device },
        epoch: 0,
        upto: 2 * ROUNDS
      }))
      yield* Context.get(first, LogStore).acknowledge(acks)

      const deadlocks = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
      assert.strictEqual(yield* execute(url, deadlocks), "0")
      const read = "SELECT string_agg(acked::text, ' ') FROM devices"
      assert.strictEqual(yield* execute(url, read), "50 50 50")
    }).pipe(Effect.scoped))
})
