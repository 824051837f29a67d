import { refused } from "@claudemesh/protocol/errors"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { Shutdown } from "./shutdown.ts"

describe("Shutdown", () => {
  it.effect("wakes who awaits it, and may be asked for again", () =>
    Effect.gen(function*() {
      const { awaited, request } = yield* Shutdown
      const waiting = yield* Effect.forkChild(awaited, { startImmediately: true })
      assert.isUndefined(waiting.pollUnsafe())

      yield* request
      yield* request

      yield* Fiber.join(waiting)
      yield* awaited
    }).pipe(Effect.provide(Shutdown.layer)))

  it.effect("gives who awaits it the reason why it cannot go on", () =>
    Effect.gen(function*() {
      const { awaited, failUnsafe, request } = yield* Shutdown
      const why = refused("disk_failed", "The disk failed")

      failUnsafe(why)
      yield* request

      assert.strictEqual(yield* Effect.flip(awaited), why)
    }).pipe(Effect.provide(Shutdown.layer)))
})
