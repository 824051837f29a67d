import { layerSeededRandom } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { LogStore } from "../log_store.ts"
import { MembershipStore } from "../membership_store.ts"
import { sampleAdmission, sampleDevice, sampleFounding, sampleMesh } from "../testing/sample.ts"
import * as Database from "./database.ts"

const mesh = sampleMesh("m")
const [a, b] = [sampleDevice("a"), sampleDevice("b")]
const store = Layer.provide(Database.layer({ filename: ":memory:" }), layerSeededRandom("acks"))

describe("acknowledge", () => {
  it.effect("takes several acks of one mailbox in one transaction, whatever their order", () =>
    Effect.gen(function*() {
      yield* MembershipStore.use((members) => members.append(sampleFounding(mesh, a, b)))
      const logs = yield* LogStore
      yield* logs.admit([1, 2, 3].map((number) => sampleAdmission(number)))
      const mailbox = { mesh, device: b }
      const epoch = (yield* logs.attach(mailbox))?.epoch ?? 0
      yield* logs.acknowledge([3, 1, 2].map((upto) => ({ mailbox, epoch, upto })))
      assert.strictEqual((yield* logs.attach(mailbox))?.acked, 3)
      yield* logs.acknowledge([])
    }).pipe(Effect.provide(store)))
})
