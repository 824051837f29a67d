import { layerSeededRandom, makeMesh, memberOf } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { Meshes } from "../meshes/meshes.ts"
import { layerMadeDaemon } from "../testing/made_daemon.ts"
import { makeCallNumbers } from "./call_numbers.ts"

const made = makeMesh("call-numbers", ["ada", "bob", "cy"])
const mesh = made.membership.mesh
const [bob, cy] = [memberOf(made, "bob").device, memberOf(made, "cy").device]
const daemon = Layer.provide(layerMadeDaemon(made, "ada"), layerSeededRandom("call-numbers"))

describe("makeCallNumbers", () => {
  it.effect("numbers what goes to each device apart", () =>
    Effect.gen(function*() {
      const { next } = yield* makeCallNumbers

      assert.deepStrictEqual(
        [yield* next(mesh, bob), yield* next(mesh, bob), yield* next(mesh, cy)],
        [1, 2, 1]
      )
    }).pipe(Effect.provide(daemon)))

  it.effect("goes on above the floor", () =>
    Effect.gen(function*() {
      const { next } = yield* makeCallNumbers
      yield* next(mesh, bob)
      yield* Meshes.use(({ setStore }) => setStore(mesh, { storeEpoch: "s", sseqFloor: 40 }))

      assert.deepStrictEqual([yield* next(mesh, bob), yield* next(mesh, cy)], [41, 41])
    }).pipe(Effect.provide(daemon)))

  it.effect("takes what is higher than all before it from that device, and nothing twice", () =>
    Effect.gen(function*() {
      const { take } = yield* makeCallNumbers
      const taken = []
      for (const number of [2, 2, 1, 5, 4, 6]) taken.push(yield* take(mesh, bob, number))

      assert.deepStrictEqual(taken, [true, false, false, true, false, true])
      assert.isTrue(yield* take(mesh, cy, 1))
    }).pipe(Effect.provide(daemon)))
})
