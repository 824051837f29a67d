import { refused } from "@claudemesh/protocol/errors"
import { assert, describe, it } from "@effect/vitest"
import { Cause, Effect, Logger, References } from "effect"
import { TestClock } from "effect/testing"
import { NOW } from "../testing/samples.ts"
import { briefLog } from "./brief_log.ts"

/** What is written of what is logged. */
const written = Effect.fnUntraced(function*(logging: Effect.Effect<void>) {
  const lines: Array<string> = []
  const kept = Logger.make<unknown, void>((options) => void lines.push(briefLog.log(options)))
  yield* TestClock.setTime(NOW)
  yield* Effect.provide(logging, Logger.layer([kept]))
  return lines.map((line) => line.replace(/fiber=#\d+ /, ""))
})

const damaged = refused("disk_failed", "Database \"a\" cannot be relied on")
const head = "timestamp=2026-11-24T06:00:00.000Z level=ERROR"

describe("briefLog", () => {
  it.effect.each([
    { how: "failed", what: Cause.fail(damaged) },
    { how: "became a defect", what: Cause.die(damaged) },
    { how: "is said by itself", what: damaged }
  ])("has what is foreseen in its own words, where it $how", ({ what }) =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* written(Effect.logError("Sweep failed", what)), [
        `${head} message="Sweep failed: Database \\"a\\" cannot be relied on"`
      ])
    }))

  it.effect("needs no words beside the failure's", () =>
    Effect.gen(function*() {
      const lines = yield* written(Effect.ignore(Effect.fail(damaged), { log: "Error" }))

      assert.deepStrictEqual(lines, [`${head} message="Database \\"a\\" cannot be relied on"`])
    }))

  it.effect("keeps the stack of a bug", () =>
    Effect.gen(function*() {
      const [line = ""] = yield* written(Effect.logError("Sweep failed", Cause.die(new Error("x"))))

      assert.include(line, "message=\"Sweep failed\" cause=\"Error: x\\n    at ")
    }))

  it.effect("has every stack where it is asked for", () =>
    Effect.gen(function*() {
      const [line = ""] = yield* written(
        Effect.logError("Sweep failed", Cause.fail(damaged)).pipe(
          Effect.provideService(References.MinimumLogLevel, "Debug")
        )
      )

      assert.include(line, "cannot be relied on\\n    at ")
    }))

  it.effect("leaves other entries as they are", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* written(Effect.logError("Messages expired", { count: 2 })), [
        `${head} message="Messages expired" message="{\\"count\\":2}"`
      ])
    }))
})
