import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { TypedLine } from "./typed_line.ts"

// What it reads from a terminal is seen in launch_live_test.ts, where there is one.
describe("TypedLine", () => {
  it.effect("leaves nobody listening to stdin where it is given up", () =>
    Effect.gen(function*() {
      const before = process.stdin.listenerCount("data")
      const reading = yield* Effect.forkChild(yield* TypedLine, { startImmediately: true })
      const meanwhile = process.stdin.listenerCount("data")
      yield* Fiber.interrupt(reading)

      assert.strictEqual(meanwhile, before + 1)
      assert.strictEqual(process.stdin.listenerCount("data"), before)
    }))
})
