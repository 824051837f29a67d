import { SqliteClient } from "@claudemesh/sqlite"
import { layerSeededRandom } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { SqlClient } from "effect/sql"
import { closeSync, openSync, statSync, writeSync } from "node:fs"
import { join } from "node:path"
import { type AdmissionOutcome, LogStore } from "../log_store.ts"
import { temporaryDirectory } from "../../testing/temporary_directory.ts"
import { MembershipStore } from "../membership_store.ts"
import { StoreIdentity } from "../store_identity.ts"
import { sampleAdmission, sampleDevice, sampleFounding, sampleMesh } from "../testing/sample.ts"
import * as Database from "./database.ts"

const mesh = sampleMesh("m")
const [a, b] = [sampleDevice("a"), sampleDevice("b")]

/** More than SQLite keeps of a database in memory. */
const fill = Effect.gen(function*() {
  yield* MembershipStore.use((members) => members.append(sampleFounding(mesh, a, b)))
  const text = "x".repeat(60_000)
  const letters = Array.from({ length: 80 }, (_, at) => ({ ...sampleAdmission(at + 1), text }))
  yield* LogStore.use((store) => store.admit(letters))
  const sql = yield* SqlClient.SqlClient
  yield* sql.unsafe("PRAGMA wal_checkpoint(TRUNCATE)")
})

/** Writes over all but the first pages. */
function damage(filename: string): void {
  const file = openSync(filename, "r+")
  const from = 40 * 4_096
  const garbage = new Uint8Array(statSync(filename).size - from).fill(0xff)
  writeSync(file, garbage, 0, garbage.length, from)
  closeSync(file)
}

describe("Database", () => {
  it.effect("holds everything when it is opened again, in a file that is its user's alone", () =>
    Effect.gen(function*() {
      const filename = join(yield* temporaryDirectory, "broker.sqlite")
      const database = Layer.provide(Database.layer({ filename }), layerSeededRandom("database"))
      yield* Effect.gen(function*() {
        yield* MembershipStore.use((members) => members.append(sampleFounding(mesh, a, b)))
        yield* LogStore.use((logs) => logs.admit([sampleAdmission(1)]))
      }).pipe(Effect.provide(database))

      yield* Effect.gen(function*() {
        const logs = yield* LogStore
        assert.lengthOf(yield* logs.read({ mesh, device: b }, 0, 10), 1)
        const again = yield* logs.admit([sampleAdmission(1), sampleAdmission(2)])
        const expected: ReadonlyArray<AdmissionOutcome> = [{ type: "repeated" }, {
          type: "admitted",
          placed: [{ device: b, seq: 2 }]
        }]
        assert.deepStrictEqual(again, expected)
      }).pipe(Effect.provide(database))
      assert.strictEqual(statSync(filename).mode & 0o777, 0o600)
    }))
})

describe("a store whose database has proved damaged", () => {
  it.effect("tells so, and is not writable from then on", () =>
    Effect.gen(function*() {
      const filename = join(yield* temporaryDirectory, "broker.sqlite")
      const faults: Array<string> = []
      const client = SqliteClient.layer({
        filename,
        onFault: ({ fault }) => void faults.push(fault)
      })
      const world = Layer.provideMerge(Database.layerOn(client), client)
      yield* Effect.gen(function*() {
        const { isWritable } = yield* StoreIdentity
        yield* fill
        damage(filename)
        const store = yield* LogStore
        const failed = yield* Effect.flip(store.read({ mesh, device: b }, 0, 100))
        assert.strictEqual(failed.fault, "corrupt")
        assert.isFalse(yield* isWritable)
        assert.deepStrictEqual(faults, ["corrupt"])
      }).pipe(Effect.provide(Layer.provide(world, layerSeededRandom("damage"))))
    }))
})
