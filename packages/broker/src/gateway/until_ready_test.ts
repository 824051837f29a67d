import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { untilReady } from "./until_ready.ts"

/** Whether the wait is over a second after the transport changed. */
const isOver = Effect.fnUntraced(function*(changed: { isOpen: boolean; isReady: boolean }) {
  let state = { isOpen: true, isReady: false }
  const waiting = yield* Effect.forkChild(
    untilReady({ isOpen: () => state.isOpen, isReady: () => state.isReady })
  )
  yield* TestClock.adjust("1 second")
  state = changed
  yield* TestClock.adjust("1 second")
  const exit = waiting.pollUnsafe()
  yield* Fiber.interrupt(waiting)
  return exit !== undefined
})

describe("untilReady", () => {
  it.effect("waits while the transport is full, and no longer than the connection is open", () =>
    Effect.gen(function*() {
      assert.isFalse(yield* isOver({ isOpen: true, isReady: false }))
      assert.isTrue(yield* isOver({ isOpen: true, isReady: true }))
      assert.isTrue(yield* isOver({ isOpen: false, isReady: false }))
    }))
})
