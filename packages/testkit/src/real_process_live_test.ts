import { assert, describe, it } from "@effect/vitest"
import { Effect, Option, Schedule } from "effect"
import { startProcess } from "./real_process.ts"

const sleeper = {
  command: process.execPath,
  args: ["-e", "console.log('up'); setInterval(() => {}, 1000)"],
  env: {}
}

/** Waits until it has written something, so that it is there to be ended. */
const started = Effect.gen(function*() {
  const child = yield* startProcess(sleeper)
  yield* child.output.pipe(
    Effect.filterOrFail((output) => output !== ""),
    Effect.retry(Schedule.spaced("5 millis"))
  )
  return child
})

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

describe("startProcess", () => {
  it.live("kills without warning and waits until the process is gone", () =>
    Effect.gen(function*() {
      const child = yield* started

      assert.isTrue(Option.isNone(yield* child.end("SIGKILL")))
      assert.isFalse(isRunning(child.pid))
    }).pipe(Effect.scoped))

  it.live("leaves nothing running when its scope closes", () =>
    Effect.gen(function*() {
      const { pid } = yield* Effect.scoped(started)

      assert.isFalse(isRunning(pid))
    }))
})
