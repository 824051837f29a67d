import { assert, describe, it } from "@effect/vitest"
import { refused } from "@claudemesh/protocol/errors"
import { Effect, Fiber, Option } from "effect"
import { TestClock } from "effect/testing"
import { asDaemon } from "../testing/command_line.ts"
import { daemonStatus } from "../testing/samples.ts"
import { type Holder, LocalDaemon } from "./local_daemon.ts"
import { stopDaemon } from "./stopping.ts"

/** A daemon that answers so many times before it is gone; what holds the home then does so as often. */
function going(answers: number, holder?: Holder) {
  let left = answers
  let held = 3
  const calls = asDaemon({ daemon: { shutdown: () => Effect.succeed({ pid: daemonStatus.pid }) } })
  const running = Effect.suspend(() =>
    left-- > 0
      ? Effect.succeed(calls)
      : Effect.fail(refused("daemon_not_running", "gone"))
  )
  return Effect.provideService(stopDaemon, LocalDaemon, {
    running,
    answering: running,
    started: running,
    up: running,
    holder: Effect.sync(() => held-- > 0 ? Option.fromUndefinedOr(holder) : Option.none())
  })
}

describe("stopDaemon", () => {
  it.effect("returns once the daemon no longer answers", () =>
    Effect.gen(function*() {
      const fiber = yield* Effect.forkChild(going(5))
      yield* TestClock.adjust("1 second")

      assert.deepStrictEqual(yield* Fiber.join(fiber), { was_running: true, pid: 4194305 })
    }))

  it.effect("has nothing to do where none runs", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* going(0), { was_running: false })
    }))

  it.effect("ends a daemon that does not answer, and returns once the home is free", () =>
    Effect.gen(function*() {
      // No system gives a process this number: nothing is signalled.
      const { pid } = daemonStatus
      const fiber = yield* Effect.forkChild(going(0, { pid, isCertain: true }))
      yield* TestClock.adjust("1 second")

      assert.deepStrictEqual(yield* Fiber.join(fiber), { was_running: true, pid })
    }))

  it.effect("signals no process of which it is not certain, but says which it may be", () =>
    Effect.gen(function*() {
      const refusal = yield* Effect.flip(going(0, { pid: 1, isCertain: false }))
      const unnamed = yield* Effect.flip(going(0, { pid: undefined, isCertain: false }))

      assert.strictEqual(refusal.code, "home_locked")
      assert.include(refusal.message, "end the process 1 yourself")
      assert.include(unnamed.message, "end the process that holds the home yourself")
    }))

  it.effect("does not wait for ever", () =>
    Effect.gen(function*() {
      const fiber = yield* Effect.forkChild(Effect.flip(going(1_000_000)))
      yield* TestClock.adjust("11 seconds")

      assert.strictEqual((yield* Fiber.join(fiber)).code, "shutting_down")
    }))
})
