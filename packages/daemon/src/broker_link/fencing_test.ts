import { makeMesh, memberOf } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { makeFencing } from "./fencing.ts"

const made = makeMesh("fencing", ["ada", "bob"])
const [ada, bob] = [memberOf(made, "ada").device, memberOf(made, "bob").device]

describe("makeFencing", () => {
  it.effect("keeps a device away the third time that it is replaced", () =>
    Effect.gen(function*() {
      const isFenced = yield* makeFencing
      assert.isFalse(yield* isFenced(ada))
      assert.isFalse(yield* isFenced(ada))
      assert.isTrue(yield* isFenced(ada))
    }))

  it.effect("counts each device by itself, and only the last ten minutes", () =>
    Effect.gen(function*() {
      const isFenced = yield* makeFencing
      yield* Effect.replicateEffect(isFenced(ada), 2)
      assert.isFalse(yield* isFenced(bob))
      yield* TestClock.adjust("10 minutes")
      assert.isFalse(yield* isFenced(ada))
    }))
})
