import { assert, describe, it } from "@effect/vitest"
import { refused } from "@claudemesh/protocol/errors"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { asDaemon } from "../testing/command_line.ts"
import { daemonStatus } from "../testing/samples.ts"
import { LocalDaemon } from "./local_daemon.ts"
import { stopDaemon } from "./stopping.ts"

/** A daemon that answers so many times before it is gone. */
function going(answers: number) {
  let left = answers
  const calls = asDaemon({ daemon: { shutdown: () => Effect.succeed({ pid: daemonStatus.pid }) } })
  const running = Effect.suspend(() =>
    left-- > 0
      ? Effect.succeed(calls)
      : Effect.fail(refused("daemon_not_running", "gone"))
  )
  return Effect.provideService(stopDaemon, LocalDaemon, {
    running,
    answering: running,
    started: running
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

  it.effect("does not wait for ever", () =>
    Effect.gen(function*() {
      const fiber = yield* Effect.forkChild(Effect.flip(going(1_000_000)))
      yield* TestClock.adjust("11 seconds")

      assert.strictEqual((yield* Fiber.join(fiber)).code, "shutting_down")
    }))
})
