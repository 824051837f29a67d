import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Stream } from "effect"
import { Readiness } from "./readiness.ts"
import { StoreIdentity } from "./store/store_identity.ts"

function withStore(isWritable: boolean) {
  const identity = {
    epoch: "",
    bornAt: 0,
    isWritable: Effect.succeed(isWritable),
    renames: Stream.never
  }
  return Layer.provide(Readiness.layer, Layer.succeed(StoreIdentity, identity))
}

const codeOf = Readiness.use(({ check }) => Effect.flip(check)).pipe(Effect.map(({ code }) => code))

describe("Readiness", () => {
  it.effect("is ready while the store can be written, and not once it is stopping", () =>
    Effect.gen(function*() {
      const readiness = yield* Readiness
      yield* readiness.check
      yield* readiness.stop
      assert.strictEqual(yield* codeOf, "shutting_down")
      assert.isTrue(readiness.isStopping())
    }).pipe(Effect.provide(withStore(true))))

  it.effect("is not ready while the store cannot be written", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* codeOf, "overloaded")
    }).pipe(Effect.provide(withStore(false))))
})
