import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { daemonStatus } from "../testing/samples.ts"
import { daemon } from "./daemon_check.ts"
import type { Machine } from "./machine.ts"
import { machine, running, temporary } from "./testing/fake_machine.ts"

function lookAt(facts: Partial<Machine["Service"]>) {
  return Effect.provide(daemon, machine(facts))
}

describe("daemon", () => {
  it.effect("is well where it runs and is of this version", () =>
    Effect.gen(function*() {
      const [finding] = yield* lookAt({})
      assert.strictEqual(finding?.status, "ok")
      assert.include(finding?.says, "pid 4194305")
    }))

  it.effect("warns of another version, and of what it says needs a person", () =>
    Effect.gen(function*() {
      const status = { ...daemonStatus, version: "0.0.9", health: ["a file was quarantined"] }
      const found = yield* lookAt({ daemon: running({}, status) })

      assert.deepStrictEqual(found.map(({ status }) => status), ["warning", "warning"])
      assert.strictEqual(found[0]?.fix?.cmd, "claudemesh daemon stop")
      assert.strictEqual(found[1]?.says, "a file was quarantined")
    }))

  it.effect("fails where none runs, and can start it", () =>
    Effect.gen(function*() {
      const home = yield* temporary
      const [finding] = yield* lookAt({ home, daemon: Effect.succeed({ is: "absent" }) })

      assert.strictEqual(finding?.status, "failed")
      assert.strictEqual(finding?.fix?.cmd, "claudemesh daemon start")
      assert.isDefined(finding?.repair)
    }).pipe(Effect.scoped, Effect.provide(machine())))

  it.effect("starts none where one holds the home, and says how to end it", () =>
    Effect.gen(function*() {
      const [finding] = yield* lookAt({
        home: yield* temporary,
        daemon: Effect.succeed({ is: "absent" }),
        holder: Effect.succeedSome({ pid: 4_194_306, isCertain: true })
      })

      assert.include(finding?.says, "pid 4194306")
      assert.strictEqual(finding?.fix?.cmd, "claudemesh daemon stop")
      assert.isUndefined(finding?.repair)
    }).pipe(Effect.scoped, Effect.provide(machine())))

  it.effect("fails where it accepts and is silent, or cannot be trusted", () =>
    Effect.gen(function*() {
      const [silent] = yield* lookAt({ daemon: Effect.succeed({ is: "silent" }) })
      const [unusable] = yield* lookAt({
        daemon: Effect.succeed({ is: "unusable", message: "Cannot trust the socket" })
      })

      assert.deepStrictEqual([silent?.status, unusable?.status], ["failed", "failed"])
      assert.strictEqual(unusable?.says, "Cannot trust the socket")
    }))

  it.effect("is skipped where there is no home", () =>
    Effect.gen(function*() {
      const [finding] = yield* lookAt({
        daemon: Effect.succeed({ is: "absent" }),
        holder: Effect.succeedNone
      })
      assert.strictEqual(finding?.status, "skipped")
    }))
})
