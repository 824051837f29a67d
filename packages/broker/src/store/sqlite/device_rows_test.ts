import { Database as Connection, Migrations, SqliteClient } from "@claudemesh/sqlite"
import { layerSeededRandom, seededDraw } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { BrokerLimits } from "../../broker_limits.ts"
import { LogStore } from "../log_store.ts"
import { MembershipStore } from "../membership_store.ts"
import type { StoreFailed } from "../store_failed.ts"
import {
  SAMPLE_AT,
  sampleAdmission,
  sampleDevice,
  sampleFounding,
  sampleMesh
} from "../testing/sample.ts"
import { smallLimits } from "../testing/unread_rules.ts"
import * as Database from "./database.ts"
import { DeviceRows } from "./device_rows.ts"
import { migrations } from "./migrations/mod.ts"

/*
 * Goal: the sums that are kept equal those of the entries there are, whatever happens. Method: admissions,
 * acks, attaches and sweeps at random, and after each of them a query that adds everything up.
 */

const meshes = [sampleMesh("m"), sampleMesh("n")]
const devices = ["a", "b", "c"].map(sampleDevice)

const client = SqliteClient.layer({ filename: ":memory:" })
const world = Layer.mergeAll(
  Layer.provide(Database.layerOn(client), layerSeededRandom("rows")),
  client
)
  .pipe(Layer.provide(Layer.succeed(BrokerLimits, smallLimits)))

/** The kept sums, and what they should be. */
const sums = Connection.use(({ use }) =>
  use((prepare) => ({
    kept: prepare(
      `SELECT num, unread_entries, unread_bytes, read_bytes, sent_bytes,
         (SELECT unread_bytes FROM meshes WHERE mesh = devices.mesh) AS mesh_bytes
       FROM devices ORDER BY num`
    ).all(),
    added: prepare(
      `WITH e AS (SELECT entries.*, mesh, seq > acked AS unread FROM entries JOIN devices USING (num))
       SELECT num,
         (SELECT count(*) FROM e WHERE e.num = d.num AND unread) AS unread_entries,
         (SELECT coalesce(sum(bytes), 0) FROM e WHERE e.num = d.num AND unread) AS unread_bytes,
         (SELECT coalesce(sum(bytes), 0) FROM e WHERE e.num = d.num AND NOT unread) AS read_bytes,
         (SELECT coalesce(sum(bytes), 0) FROM e WHERE sender = d.num AND unread) AS sent_bytes,
         (SELECT coalesce(sum(bytes), 0) FROM e WHERE e.mesh = d.mesh AND unread) AS mesh_bytes
       FROM devices d ORDER BY num`
    ).all()
  }))
)

describe("DeviceRows", () => {
  it.effect.each([1, 2, 3, 4])(
    "keeps sums that add up, in run %d",
    (run) =>
      Effect.gen(function*() {
        const draw = seededDraw(`sums ${run}`)
        const store = yield* LogStore
        const memberships = yield* MembershipStore
        for (const mesh of meshes) yield* memberships.append(sampleFounding(mesh, ...devices))
        const epochs = new Map<string, number>()
        let [number, now] = [0, SAMPLE_AT]

        function any() {
          return {
            mesh: meshes[draw(2)] ?? sampleMesh("m"),
            device: devices[draw(3)] ?? sampleDevice("a")
          }
        }
        function epochOf({ device, mesh }: ReturnType<typeof any>) {
          return epochs.get(mesh + device) ?? 0
        }
        function admission() {
          const from = any()
          const to = devices.filter((_, at) => at === draw(3) || draw(2) === 0)
          const addressees = to.length === 0 ? [sampleDevice("c")] : to
          const options = {
            mesh: from.mesh,
            from: from.device,
            to: addressees,
            now,
            ttl: 1 + draw(40)
          }
          const made = sampleAdmission(++number, { ...options, epoch: epochOf(from) })
          return { ...made, text: "x".repeat(draw(300)) }
        }
        const steps: ReadonlyArray<Effect.Effect<unknown, StoreFailed>> = [
          Effect.suspend(() => store.admit(Array.from({ length: 1 + draw(4) }, admission))),
          Effect.suspend(() => {
            const acks = [any(), any()].map((mailbox) => ({
              mailbox,
              epoch: epochOf(mailbox),
              upto: draw(number + 1)
            }))
            return store.acknowledge(acks)
          }),
          Effect.suspend(() => {
            const mailbox = any()
            return Effect.map(store.attach(mailbox), (attached) =>
              void (draw(2) === 0 &&
                epochs.set(mailbox.mesh + mailbox.device, attached?.epoch ?? 0)))
          }),
          Effect.suspend(() => {
            now += draw(10)
            return store.sweep({ now, dedupesBefore: 0, rowsMax: 1 + draw(5) })
          })
        ]
        for (let step = 0; step < 300; step++) {
          yield* steps[draw(steps.length)] ?? Effect.void
          const { added, kept } = yield* sums
          assert.deepStrictEqual(kept, added)
        }
      }).pipe(Effect.provide(world))
  )

  it.effect("is one row, by whatever it is asked for, and writes it back if it has changed", () =>
    Effect.gen(function*() {
      yield* Migrations.migrate(migrations)
      const { use } = yield* Connection
      yield* use((prepare) => {
        prepare("INSERT INTO meshes (mesh, head, head_hash) VALUES (?, 1, 'h')").run(
          meshes[0] ?? ""
        )
        prepare("INSERT INTO devices (num, mesh, device, live) VALUES (7, ?, ?, 1)")
          .run(meshes[0] ?? "", devices[0] ?? "")
        const rows = new DeviceRows(prepare)
        const row = rows.at(7)
        assert.strictEqual(rows.find(sampleMesh("m"), sampleDevice("a")), row)
        assert.isUndefined(rows.at(8))
        if (row !== undefined) rows.addUnread(row, { sender: 7, entries: 2, bytes: 50 })
        rows.writeBack()
        const read = new DeviceRows(prepare)
        assert.deepInclude(read.at(7), { unreadEntries: 2, unreadBytes: 50, sentBytes: 50 })
        assert.strictEqual(read.unreadOf(sampleMesh("m")), 50)
      })
    }).pipe(Effect.provide(client)))
})
