import { layerSeededRandom } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { statSync } from "node:fs"
import { join } from "node:path"
import { type AdmissionOutcome, LogStore } from "../log_store.ts"
import { temporaryDirectory } from "../../testing/temporary_directory.ts"
import { MembershipStore } from "../membership_store.ts"
import { sampleAdmission, sampleDevice, sampleFounding, sampleMesh } from "../testing/sample.ts"
import * as Database from "./database.ts"

const mesh = sampleMesh("m")
const [a, b] = [sampleDevice("a"), sampleDevice("b")]

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
