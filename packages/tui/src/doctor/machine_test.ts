import { refused } from "@claudemesh/protocol/errors"
import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Effect, Fiber, Layer } from "effect"
import { TestClock } from "effect/testing"
import { LocalDaemon } from "../cli/local_daemon.ts"
import { asDaemon } from "../testing/command_line.ts"
import { ok } from "./finding.ts"
import { Machine, withDaemon } from "./machine.ts"

/** What is found of a daemon that is reached so. */
function found(running: LocalDaemon["Service"]["running"]) {
  const daemon = Layer.succeed(LocalDaemon, {
    running,
    answering: running,
    started: running,
    up: running,
    holder: Effect.succeedNone
  })
  const settings = ConfigProvider.layer(
    ConfigProvider.fromUnknown({ CLAUDEMESH_HOME: "/nowhere/doctor" })
  )
  return Effect.flatMap(Machine.make, ({ daemon }) => daemon).pipe(
    Effect.scoped,
    Effect.provide(Layer.mergeAll(daemon, settings, NodeServices.layer))
  )
}

describe("Machine", () => {
  it.effect("tells a daemon that answers from one that is absent, and one not to be trusted", () =>
    Effect.gen(function*() {
      const there = yield* found(Effect.succeed(asDaemon({})))
      const absent = yield* found(Effect.fail(refused("daemon_not_running", "No daemon listens")))
      const foreign = yield* found(Effect.fail(refused("home_unusable", "Cannot trust it")))

      assert.deepStrictEqual([there.is, absent.is, foreign.is], ["running", "absent", "unusable"])
    }))

  it.effect("does not wait long for one that is silent", () =>
    Effect.gen(function*() {
      const looking = yield* Effect.forkChild(found(Effect.never))
      yield* TestClock.adjust("3 seconds")
      assert.strictEqual((yield* Fiber.join(looking)).is, "silent")
    }))
})

describe("withDaemon", () => {
  it.effect("skips what needs a daemon where none answers", () =>
    Effect.gen(function*() {
      const machine = yield* Effect.scoped(Machine.make)
      const [finding] = yield* withDaemon(() => Effect.succeed([ok("well")])).pipe(
        Effect.provideService(Machine, { ...machine, daemon: Effect.succeed({ is: "silent" }) })
      )
      assert.strictEqual(finding?.status, "skipped")
    }).pipe(Effect.provide(Layer.mergeAll(
      Layer.mock(LocalDaemon, { running: Effect.never, started: Effect.never }),
      NodeServices.layer
    ))))
})
