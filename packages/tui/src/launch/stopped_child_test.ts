import { assert, describe, it } from "@effect/vitest"
import { Effect, Schedule } from "effect"
import { spawn } from "node:child_process"
import { isStopped } from "./stopped_child.ts"

const sleeper = Effect.acquireRelease(
  Effect.sync(() => spawn("sleep", ["60"], { stdio: "ignore" })),
  (child) => Effect.sync(() => child.kill("SIGKILL"))
)

describe("isStopped", () => {
  it.live("tells a child that is stopped from one that runs", () =>
    Effect.gen(function*() {
      const child = yield* sleeper
      const pid = child.pid ?? 0
      const before = isStopped(pid)
      child.kill("SIGSTOP")
      yield* Effect.sync(() => isStopped(pid)).pipe(
        Effect.repeat({ until: (stopped) => stopped, schedule: Schedule.spaced("10 millis") }),
        Effect.timeout("5 seconds")
      )

      assert.isFalse(before)
    }).pipe(Effect.scoped))

  it("is false for a process that is not there", () => {
    // No system gives a process this number.
    assert.isFalse(isStopped(4_194_305))
  })
})
