import { layerSeededRandom, MADE_AT } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect } from "effect"
import { StoreIdentity } from "../../store/store_identity.ts"
import { layerMemoryBroker } from "./memory_broker.ts"

describe("layerMemoryBroker", () => {
  it.effect("is born at the time it is given, and is the same for the same seed", () =>
    Effect.gen(function*() {
      const world = layerMemoryBroker({ at: MADE_AT, random: layerSeededRandom("one") })
      const one = yield* Effect.provide(StoreIdentity, world, { local: true })
      const other = yield* Effect.provide(StoreIdentity, world, { local: true })

      assert.strictEqual(one.bornAt, MADE_AT)
      assert.strictEqual(one.epoch, other.epoch)
      assert.strictEqual(yield* Clock.currentTimeMillis, MADE_AT)
    }))
})
