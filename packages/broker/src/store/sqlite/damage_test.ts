import { SqliteClient } from "@claudemesh/sqlite"
import { layerSeededRandom } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { SqlClient } from "effect/sql"
import { closeSync, openSync, statSync, writeSync } from "node:fs"
import { join } from "node:path"
import { temporaryDirectory } from "../../testing/temporary_directory.ts"
import { LogStore } from "../log_store.ts"
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

describe("Damage", () => {
  it.effect("makes a store unwritable in which it was found", () =>
    Effect.gen(function*() {
      const filename = join(yield* temporaryDirectory, "broker.sqlite")
      const client = SqliteClient.layer({ filename })
      const world = Layer.provideMerge(Database.layerOn(client), client)
      yield* Effect.gen(function*() {
        const { isWritable } = yield* StoreIdentity
        yield* fill
        damage(filename)
        const store = yield* LogStore
        const failed = yield* Effect.flip(store.read({ mesh, device: b }, 0, 100))
        assert.strictEqual(failed.fault, "corrupt")
        assert.isFalse(yield* isWritable)
      }).pipe(Effect.provide(Layer.provide(world, layerSeededRandom("damage"))))
    }))
})
