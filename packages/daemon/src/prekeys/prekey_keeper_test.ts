import { type MeshId, refused } from "@claudemesh/protocol"
import { layerSeededRandom, makeMesh, prekeyOf } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, SubscriptionRef } from "effect"
import { TestClock } from "effect/testing"
import { Meshes } from "../meshes/meshes.ts"
import { layerMadeDaemon } from "../testing/made_daemon.ts"
import { identityOf } from "../testing/made_identity.ts"
import * as PrekeyKeeper from "./prekey_keeper.ts"
import { Prekeys } from "./prekeys.ts"

const made = makeMesh("keeper", ["ada"])
const other = makeMesh("keeper-2", ["ada"])
const daemon = Layer.provide(layerMadeDaemon(made, "ada"), layerSeededRandom("keeper"))

describe("PrekeyKeeper", () => {
  it.effect("looks after every mesh at once and then every hour, though one of them fails", () =>
    Effect.gen(function*() {
      yield* Meshes.use(({ add }) => add(identityOf(other, "ada"), other.statements))
      const looks: Array<MeshId> = []
      const prekeys = Layer.mock(Prekeys)({
        misses: yield* SubscriptionRef.make(0),
        fresh: Effect.fnUntraced(function*({ mesh }) {
          looks.push(mesh)
          if (looks.length === 1) return yield* refused("key_file_corrupt", "It cannot be read")
          return prekeyOf(made, "ada")
        })
      })
      yield* Layer.build(Layer.provide(PrekeyKeeper.layer, prekeys))

      yield* TestClock.adjust("150 minutes")

      const both = [made.membership.mesh, other.membership.mesh]
      assert.deepStrictEqual(looks, [...both, ...both, ...both])
    }).pipe(Effect.scoped, Effect.provide(daemon)))
})
