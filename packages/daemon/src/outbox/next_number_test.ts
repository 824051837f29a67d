import { layerSeededRandom, makeMesh, memberOf } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { Meshes } from "../meshes/meshes.ts"
import { layerMadeDaemon } from "../testing/made_daemon.ts"
import { makeNextNumber } from "./next_number.ts"

const made = makeMesh("next-number", ["ada", "bob", "cy"])
const mesh = made.membership.mesh
const [bob, cy] = [memberOf(made, "bob").device, memberOf(made, "cy").device]
const daemon = Layer.provide(layerMadeDaemon(made, "ada"), layerSeededRandom("next-number"))

describe("makeNextNumber", () => {
  it.effect("numbers each class to each device apart", () =>
    Effect.gen(function*() {
      const next = yield* makeNextNumber
      const taken = []
      for (
        const key of [
          { mesh, device: bob, class: "dm" },
          { mesh, device: bob, class: "dm" },
          { mesh, device: bob, class: "rpc" },
          { mesh, device: cy, class: "dm" }
        ] as const
      ) {
        taken.push(yield* next(key))
      }

      assert.deepStrictEqual(taken, [1, 2, 1, 1])
    }).pipe(Effect.provide(daemon)))

  it.effect("goes on above the floor, wherever a stream was", () =>
    Effect.gen(function*() {
      const next = yield* makeNextNumber
      const [toBob, toCy] = [bob, cy].map((device) => ({ mesh, device, class: "dm" as const }))
      if (!toBob || !toCy) return assert.fail("no keys")
      yield* next(toBob)
      yield* Meshes.use(({ setStore }) => setStore(mesh, { storeEpoch: "s", sseqFloor: 40 }))

      assert.deepStrictEqual([yield* next(toBob), yield* next(toCy)], [41, 41])
      yield* Meshes.use(({ setStore }) => setStore(mesh, { storeEpoch: "s", sseqFloor: 7 }))
      assert.strictEqual(yield* next(toBob), 42)
    }).pipe(Effect.provide(daemon)))
})
