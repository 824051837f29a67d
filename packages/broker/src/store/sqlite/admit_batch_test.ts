import { layerSeededRandom } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { LogStore } from "../log_store.ts"
import { MembershipStore } from "../membership_store.ts"
import { sampleAdmission, sampleDevice, sampleFounding, sampleMesh } from "../testing/sample.ts"
import * as Database from "./database.ts"

const mesh = sampleMesh("m")
const [a, b] = [sampleDevice("a"), sampleDevice("b")]
const store = Layer.provide(Database.layer({ filename: ":memory:" }), layerSeededRandom("batch"))

describe("admitBatch", () => {
  it.effect("places an envelope to sender and recipient in both logs, and later ones of the batch behind it", () =>
    Effect.gen(function*() {
      yield* MembershipStore.use((members) => members.append(sampleFounding(mesh, a, b)))
      const logs = yield* LogStore
      const outcomes = yield* logs.admit([
        sampleAdmission(1, { to: [a, b] }),
        sampleAdmission(2, { to: [b], from: b }),
        sampleAdmission(3, { to: [a], from: b })
      ])

      assert.deepStrictEqual(outcomes, [
        { type: "admitted", placed: [{ device: a, seq: 1 }, { device: b, seq: 1 }] },
        { type: "admitted", placed: [{ device: b, seq: 2 }] },
        { type: "admitted", placed: [{ device: a, seq: 2 }] }
      ])
      assert.deepInclude(yield* logs.attach({ mesh, device: b }), { end: 2, sseqFloor: 3 })
    }).pipe(Effect.provide(store)))
})
