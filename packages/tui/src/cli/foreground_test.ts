import { assert, describe, it } from "@effect/vitest"
import { Effect, Ref } from "effect"
import { Foreground } from "./foreground.ts"
import { StopSignal } from "./stop_signal.ts"

describe("Foreground", () => {
  it.effect("ends well from when it stays, and bounds its own end", () =>
    Effect.gen(function*() {
      const ending = yield* Ref.make(false)
      const { interruptedExit, stay } = yield* Effect.provideService(Foreground.make, StopSignal, {
        asked: Effect.never,
        ending: Ref.set(ending, true)
      })
      const before = yield* interruptedExit
      yield* stay(Effect.void)

      assert.strictEqual(before, 130)
      assert.strictEqual(yield* interruptedExit, 0)
      assert.isTrue(yield* Ref.get(ending))
    }))

  it.effect("fails as what it stays for does, and bounds that end too", () =>
    Effect.gen(function*() {
      const ending = yield* Ref.make(false)
      const { stay } = yield* Effect.provideService(Foreground.make, StopSignal, {
        asked: Effect.never,
        ending: Ref.set(ending, true)
      })

      assert.strictEqual(yield* Effect.flip(stay(Effect.fail("no disk"))), "no disk")
      assert.isTrue(yield* Ref.get(ending))
    }))
})
