import { refused } from "@claudemesh/protocol"
import { layerSeededRandom, makeMesh } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer } from "effect"
import { TestClock } from "effect/testing"
import { layerMadeDaemon, theMesh } from "../testing/made_daemon.ts"
import type { LinkLost } from "./broker_transport.ts"
import { LinkStates } from "./link_states.ts"
import { makePatience } from "./patience.ts"

const made = makeMesh("patience", ["ada"])
const daemon = Layer.provide(
  Layer.provideMerge(LinkStates.layer, layerMadeDaemon(made, "ada")),
  layerSeededRandom("patience")
)

const denied = refused("create_denied", "Not without a code")

/** Waits, while so much time passes; answers whether that was enough. */
const waitsNoLongerThan = Effect.fnUntraced(function*(
  waiting: Effect.Effect<unknown, LinkLost>,
  minutes: number
) {
  const fiber = yield* Effect.forkChild(Effect.exit(waiting))
  yield* Effect.yieldNow
  yield* TestClock.adjust(`${minutes} minutes`)
  const isOver = fiber.pollUnsafe() !== undefined
  yield* Fiber.interrupt(fiber)
  return isOver
})

describe("makePatience", () => {
  it.effect("shows the refusal, and has the mesh asked for again, later each time", () =>
    Effect.gen(function*() {
      const mesh = yield* theMesh
      const { wait } = yield* makePatience

      assert.isTrue(yield* waitsNoLongerThan(wait(mesh, denied), 1))
      assert.isTrue(yield* waitsNoLongerThan(wait(mesh, denied), 2))
      assert.isFalse(yield* waitsNoLongerThan(wait(mesh, denied), 1.9))

      const state = yield* LinkStates.use(({ get }) => get(mesh.id))
      assert.deepInclude(state, { state: "refused", code: "create_denied" })
    }).pipe(Effect.provide(daemon)))

  it.effect("begins anew after a mesh was not refused", () =>
    Effect.gen(function*() {
      const mesh = yield* theMesh
      const { renew, wait } = yield* makePatience
      yield* Effect.replicateEffect(waitsNoLongerThan(wait(mesh, denied), 60), 6)

      yield* renew(mesh)

      assert.isTrue(yield* waitsNoLongerThan(wait(mesh, denied), 1))
    }).pipe(Effect.provide(daemon)))

  it.effect("ends at once for a device that does not come back", () =>
    Effect.gen(function*() {
      const mesh = yield* theMesh
      const { wait } = yield* makePatience

      yield* wait(mesh, refused("revoked_device", "This device was revoked"))
    }).pipe(Effect.provide(daemon)))
})
