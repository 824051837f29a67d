import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer } from "effect"
import { TestClock } from "effect/testing"
import { Home } from "../home.ts"
import { layerStubHandlers } from "../testing/stub_handlers.ts"
import { layerTemporaryHome } from "../testing/temporary_home.ts"
import { Daemon } from "./client.ts"
import { LocalEvents } from "./events.ts"
import { layer } from "./server.ts"

const connected = Layer.unwrap(
  Home.use(({ socket }) => Effect.succeed(Daemon.layer({ socketPath: socket })))
).pipe(
  Layer.provideMerge(
    layer.pipe(Layer.provide(layerStubHandlers), Layer.provide(LocalEvents.layer))
  ),
  Layer.provideMerge(layerTemporaryHome)
)

describe("Daemon", () => {
  it.effect("gives a daemon 30 seconds to answer", () =>
    Effect.gen(function*() {
      const { meshes } = yield* Daemon
      const call = yield* Effect.forkChild(Effect.flip(meshes.use({ payload: { mesh: "home" } })), {
        startImmediately: true
      })

      yield* TestClock.adjust("30 seconds")

      const refusal = yield* Fiber.join(call)
      assert.strictEqual(refusal.code, "daemon_not_running")
      assert.include(refusal.message, "does not answer: waited 30 seconds")
    }).pipe(Effect.provide(connected)))
})
