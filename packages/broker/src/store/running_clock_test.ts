import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { type Kept, runClock } from "./running_clock.ts"

const DAY = 86_400_000

/** Something to write on. */
function makePaper() {
  let kept: Kept | undefined
  return {
    read: Effect.sync(() => kept),
    write: (now: Kept) => Effect.sync(() => void (kept = now))
  }
}

describe("runClock", () => {
  it.effect("goes on from what was written down, by no more than a day for time that nobody saw", () =>
    Effect.gen(function*() {
      const paper = makePaper()
      yield* TestClock.setTime(1_000)
      const first = yield* runClock(paper)
      assert.strictEqual(first.now(), 1_000)
      yield* first.keep

      yield* TestClock.setTime(61_000)
      const second = yield* runClock(paper)
      assert.strictEqual(second.now(), 61_000)
      yield* second.keep

      yield* TestClock.setTime(100 * DAY)
      assert.strictEqual((yield* runClock(paper)).now(), 61_000 + DAY)
    }))
})
