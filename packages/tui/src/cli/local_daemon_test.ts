import { assert, describe, it } from "@effect/vitest"
import { Daemon } from "@claudemesh/daemon"
import { type Refused, refused } from "@claudemesh/protocol/errors"
import { Effect, Fiber, Layer } from "effect"
import { TestClock } from "effect/testing"
import { asDaemon } from "../testing/command_line.ts"
import { daemonStatus, mesh } from "../testing/samples.ts"
import { DaemonProcess } from "./daemon_process.ts"
import { isNotRunning, LocalDaemon } from "./local_daemon.ts"

const absent = refused("daemon_not_running", "No daemon listens")

interface Played {
  /** How often the daemon does not answer at first. */
  readonly silences: number
  readonly ended?: Effect.Effect<never, Refused>
}

function starting({ ended = Effect.never, silences }: Played) {
  const counted = { starts: 0, looks: 0 }
  const status = Effect.suspend(() =>
    counted.looks++ < silences ? Effect.fail(absent) : Effect.succeed(daemonStatus)
  )
  const list = Effect.suspend(() => {
    if (counted.looks++ < silences) return Effect.fail(absent)
    return Effect.succeed({ items: counted.looks > 2 * silences ? [mesh] : [] })
  })
  const calls = asDaemon({ daemon: { status: () => status }, meshes: { list: () => list } })
  const start = Effect.sync(() => {
    counted.starts++
    return { ended }
  })
  const reached = LocalDaemon.pipe(
    Effect.provide(
      LocalDaemon.layer.pipe(
        Layer.provide([
          Layer.succeed(Daemon, calls),
          Layer.succeed(DaemonProcess, { log: "daemon.log", start, startUp: start })
        ])
      )
    )
  )
  const started = Effect.flatMap(reached, ({ started }) => started)
  const up = Effect.flatMap(reached, ({ up }) => up)
  return { counted, started, up }
}

describe("LocalDaemon", () => {
  it.effect("starts nothing where one answers", () =>
    Effect.gen(function*() {
      const { counted, started } = starting({ silences: 0 })
      yield* started

      assert.strictEqual(counted.starts, 0)
    }))

  it.effect("starts one, once, and waits until it answers", () =>
    Effect.gen(function*() {
      const { counted, started } = starting({ silences: 20 })
      const fiber = yield* Effect.forkChild(started)
      yield* TestClock.adjust("2 seconds")
      yield* Fiber.join(fiber)

      assert.deepStrictEqual(counted, { starts: 1, looks: 21 })
    }))

  it.effect("starts one with a broker, once, and waits until it is in a mesh", () =>
    Effect.gen(function*() {
      const { counted, up } = starting({ silences: 20 })
      const fiber = yield* Effect.forkChild(up)
      yield* TestClock.adjust("2 seconds")
      yield* Fiber.join(fiber)

      assert.deepStrictEqual(counted, { starts: 1, looks: 41 })
    }))

  it.effect("does not wait for one that has ended", () =>
    Effect.gen(function*() {
      const ended = Effect.fail(refused("daemon_start_failed", "Cannot start the daemon: no space"))
      const { started } = starting({ silences: 1_000, ended })

      assert.strictEqual((yield* Effect.flip(started)).message, "Cannot start the daemon: no space")
    }))

  it.effect("gives up after ten seconds, and names the log", () =>
    Effect.gen(function*() {
      const { started } = starting({ silences: 1_000 })
      const fiber = yield* Effect.forkChild(Effect.flip(started))
      yield* TestClock.adjust("10 seconds")

      const { code, message } = yield* Fiber.join(fiber)
      assert.strictEqual(code, "daemon_start_failed")
      assert.include(message, "daemon.log")
    }))
})

describe("isNotRunning", () => {
  it("knows that refusal from others", () => {
    assert.isTrue(isNotRunning(absent))
    assert.isFalse(isNotRunning(refused("home_unusable", "no")))
  })
})
