import { keepLog } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { hostileRun } from "./testing/hostile_run.ts"
import { brokenPromises } from "./testing/hostile_verdict.ts"
import { hostileWorld } from "./testing/hostile_world.ts"

/*
 * Goal: nothing that a connection sends harms another one, or leaves something behind. Method: members
 * say valid conversations with a few things wrong, while honest devices go on. More runs of it:
 * `npm run fuzz -- --runs N`.
 */

const RUNS = 60

describe("a broker with hostile connections", () => {
  it.effect.each(Array.from({ length: RUNS }, (_, number) => number))(
    "keeps its promises to everybody else, in run %d",
    (number) => {
      const log = keepLog()
      return Effect.gen(function*() {
        assert.deepStrictEqual(brokenPromises(yield* hostileRun(number), log), [])
      }).pipe(Effect.provide(Layer.provideMerge(hostileWorld.layer, log.layer)))
    }
  )
})
