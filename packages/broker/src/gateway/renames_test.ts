import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Layer, Ref, Stream } from "effect"
import { MembershipLog } from "../membership/membership_log.ts"
import { StoreIdentity } from "../store/store_identity.ts"
import { Gateway } from "./gateway.ts"
import * as Renames from "./renames.ts"

describe("Renames", () => {
  it.effect("forgets what was read before it has everybody come back", () =>
    Effect.gen(function*() {
      const renamed = yield* Deferred.make<string>()
      const closed = yield* Deferred.make<ReadonlyArray<string>>()
      const done = yield* Ref.make<ReadonlyArray<string>>([])
      const forget = Ref.update(done, (all) => [...all, "forgotten"])
      const closeAll = Effect.flatMap(Ref.get(done), (all) => Deferred.succeed(closed, all))
      const world = Renames.layer.pipe(
        Layer.provide([
          Layer.mock(MembershipLog, { forget }),
          Layer.mock(Gateway, { connections: () => [], closeAll: Effect.asVoid(closeAll) }),
          Layer.mock(StoreIdentity, {
            epoch: "another",
            bornAt: 0,
            renames: Stream.fromEffect(Deferred.await(renamed))
          })
        ])
      )
      yield* Effect.scoped(Effect.gen(function*() {
        yield* Layer.build(world)
        assert.deepStrictEqual(yield* Ref.get(done), [])
        yield* Deferred.succeed(renamed, "another")
        assert.deepStrictEqual(yield* Deferred.await(closed), ["forgotten"])
      }))
    }))
})
