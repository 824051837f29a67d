/**
 * Several brokers work on one database at once.
 *
 * @module
 */
import type { DeviceId } from "@claudemesh/protocol"
import { withoutPostgres } from "@claudemesh/testkit"
import { type Chance, makeChance } from "@claudemesh/testkit/simulation"
import { assert, describe, it } from "@effect/vitest"
import { Context, Deferred, Effect, Layer } from "effect"
import { type Admission, LogStore } from "../log_store.ts"
import { MembershipStore } from "../membership_store.ts"
import {
  SAMPLE_AT,
  sampleAdmission,
  sampleDevice,
  sampleFounding,
  sampleMesh
} from "../testing/sample.ts"
import { livePostgres, storesAt } from "./testing/live_postgres.ts"

const mesh = sampleMesh("m")
const BROKERS = ["one", "two", "three"]
const devices = ["a", "b", "c", "d", "e", "f"].map(sampleDevice)
const [a, b, c] = [sampleDevice("a"), sampleDevice("b"), sampleDevice("c")]

const BATCHES = 25

/** How often each broker admits once a device has ended. */
const ADMITS_AFTER = 5

/** Where a stored sum differs from what it is the sum of. */
const WRONG_SUMS = `
  SELECT count(*) FROM devices WHERE
    (unread_entries, unread_bytes) <> (SELECT count(*), coalesce(sum(bytes), 0) FROM entries
      WHERE num = devices.num AND seq > acked)
    OR read_bytes <> (SELECT coalesce(sum(bytes), 0) FROM entries
      WHERE num = devices.num AND seq <= acked)
    OR sent_bytes <> (SELECT coalesce(sum(bytes), 0) FROM entries JOIN devices AS mailbox USING (num)
      WHERE sender = devices.num AND seq > mailbox.acked)
    OR (SELECT sum(bytes) FROM mesh_unread) <> (SELECT sum(unread_bytes) FROM devices)`

const DEADLOCKS = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"

describe.skipIf(withoutPostgres())("several brokers on one database", () => {
  const { server } = livePostgres()

  /** Their stores, and the URL of the database, in which the mesh is founded. */
  const brokers = Effect.gen(function*() {
    const { makeDatabase } = yield* server
    const url = yield* makeDatabase
    const stores = yield* Effect.forEach(
      BROKERS,
      (name) => Layer.build(Layer.fresh(storesAt(url, name))),
      { concurrency: "unbounded" }
    )
    const [first] = stores
    if (first !== undefined) {
      yield* Context.get(first, MembershipStore).append(sampleFounding(mesh, ...devices))
    }
    return { url, logs: stores.map(Context.get(LogStore)), stores }
  })

  it.live("number every log densely, count right and lock in one order, whatever they do", () =>
    Effect.gen(function*() {
      const { execute } = yield* server
      const { logs, url } = yield* brokers
      const admitted = yield* Effect.forEach(
        logs.entries().toArray(),
        ([at, store]) => workload(store, at),
        { concurrency: "unbounded" }
      )

      const placed = admitted.flat()
      const [store] = logs
      for (const device of devices) {
        const seqs = placed.filter((place) => place.device === device).map(({ seq }) => seq)
        const dense = Array.from({ length: seqs.length }, (_, at) => at + 1)
        assert.deepStrictEqual(seqs.toSorted((one, other) => one - other), dense)
        const rest = yield* store?.read({ mesh, device }, 0, 10_000) ?? Effect.succeed([])
        assert.deepStrictEqual(
          rest.map(({ seq }) => seq).toSorted((x, y) => x - y),
          rest.map(({ seq }) => seq)
        )
      }
      assert.strictEqual(yield* execute(url, WRONG_SUMS), "0")
      assert.strictEqual(yield* execute(url, DEADLOCKS), "0")
    }).pipe(Effect.scoped))

  it.live("admit an envelope once that comes to all of them at once", () =>
    Effect.gen(function*() {
      const { logs } = yield* brokers
      for (let number = 1; number <= 20; number++) {
        const outcomes = yield* Effect.forEach(
          logs,
          (store) => store.admit([sampleAdmission(number)]),
          { concurrency: "unbounded" }
        )
        const types = outcomes.flat().map(({ type }) => type)
        assert.deepStrictEqual(types.toSorted(), ["admitted", "repeated", "repeated"])
      }
    }).pipe(Effect.scoped))

  it.live("admit nothing to a device, or of it, once its end is stored at any of them", () =>
    Effect.gen(function*() {
      const { logs, stores } = yield* brokers
      const underway = yield* Deferred.make<void>()
      let isEnded = false
      let checks = 0
      const sending = Effect.fnUntraced(function*(store: LogStore["Service"], at: number) {
        for (let number = 1, left = ADMITS_AFTER; left > 0; number++) {
          const wasEnded = isEnded
          const [to, from] = yield* store.admit([
            sampleAdmission(1_000 * at + 2 * number, { from: a, to: [b] }),
            sampleAdmission(1_000 * at + 2 * number + 1, { from: b, to: [c] })
          ])
          yield* Deferred.succeed(underway, undefined)
          if (!wasEnded) continue
          assert.strictEqual(to?.type, "unknown_recipient")
          assert.strictEqual(from?.type, "revoked_sender")
          left -= 1
          checks += 1
        }
      })
      const ending = Effect.gen(function*() {
        yield* Deferred.await(underway)
        const { head, ...founding } = sampleFounding(mesh)
        const after = { ...founding, after: head, head: { seq: 2, hash: "two" }, statements: [] }
        const [first] = stores
        assert.isDefined(first)
        yield* Context.get(first, MembershipStore).append({ ...after, devicesEnded: [b] })
        isEnded = true
      })
      yield* Effect.all([...logs.map(sending), ending], { concurrency: "unbounded" })
      assert.strictEqual(checks, BROKERS.length * ADMITS_AFTER)
    }).pipe(Effect.scoped))
})

/** Admits, reads on, attaches and sweeps; answers with where its envelopes went. */
const workload = Effect.fnUntraced(function*(store: LogStore["Service"], at: number) {
  const chance = makeChance(`broker ${at}`)
  const placed: Array<{ readonly device: DeviceId; readonly seq: number }> = []
  for (let batch = 0; batch < BATCHES; batch++) {
    const admissions = Array.from(
      { length: chance.between(1, 12) },
      (_, number) => admission(chance, 100_000 * at + 100 * batch + number)
    )
    const outcomes = yield* store.admit(admissions)
    for (const outcome of outcomes) {
      if (outcome.type === "admitted") placed.push(...outcome.placed)
    }
    // Read on by the one who is attached at this broker; the senders' attachments stay what they are.
    const acks = devices.filter(() => chance.happens(0.3)).map((device) => ({
      mailbox: { mesh, device },
      epoch: 0,
      upto: chance.below(4 * batch + 1)
    }))
    yield* store.acknowledge(acks)
    if (chance.happens(0.2)) {
      yield* store.sweep({ now: SAMPLE_AT + batch, dedupesBefore: 0, rowsMax: 50 })
    }
  }
  return placed
})

function admission(chance: Chance, number: number): Admission {
  const to = devices.filter(() => chance.happens(0.4))
  const ttl = chance.pick([5, 15, 60_000])
  return sampleAdmission(number, { from: chance.pick(devices), to, ttl })
}
