import { assert, describe, layer } from "@effect/vitest"
import { Effect } from "effect"
import { StopSignal } from "./stop_signal.ts"

layer(StopSignal.layer, { excludeTestServices: true })("StopSignal", (it) => {
  describe("asked", () => {
    it.effect("returns once a signal has come, and takes its echo for the same wish", () =>
      Effect.gen(function*() {
        const { asked } = yield* StopSignal
        yield* Effect.sync(() => process.emit("SIGHUP"))
        // npm passes on what the terminal has sent already; a second wish would end the process here.
        yield* Effect.sync(() => process.emit("SIGHUP"))

        yield* asked
        assert.isAbove(process.listenerCount("SIGHUP"), 0)
      }))
  })
})
