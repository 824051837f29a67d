import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Ref } from "effect"
import { TestClock } from "effect/testing"
import { layer } from "./process_watchdog.ts"
import { Sessions } from "./sessions.ts"

describe("ProcessWatchdog", () => {
  it.effect("looks at once and then every 5 seconds, even after a look that failed", () =>
    Effect.gen(function*() {
      const looks = yield* Ref.make(0)
      const sessions = Layer.mock(Sessions, {
        endOrphans: Ref.updateAndGet(looks, (count) => count + 1).pipe(
          Effect.tap((count) =>
            count === 2 ? Effect.die("the table could not be read") : Effect.void
          )
        )
      })
      yield* Layer.build(Layer.provide(layer, sessions))

      yield* TestClock.adjust("14 seconds")

      assert.strictEqual(yield* Ref.get(looks), 3)
    }).pipe(Effect.scoped))
})
