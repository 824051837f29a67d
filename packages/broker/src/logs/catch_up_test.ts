import { limits } from "@claudemesh/protocol"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { type Entry, LogStore } from "../store/log_store.ts"
import { StoreFailed } from "../store/store_failed.ts"
import { sampleDevice, sampleMesh } from "../store/testing/sample.ts"
import { CatchUp } from "./catch_up.ts"
import { LogReader } from "./log_reader.ts"

const mailbox = { mesh: sampleMesh("m"), device: sampleDevice("b") }

function store(length: number, { failures = 0 } = {}) {
  const reads: Array<number> = []
  const entries = Array.from(
    { length },
    (_, at): Entry => ({ seq: at + 1, text: "x", expiresAt: 1e15 })
  )
  const layer = Layer.mock(LogStore, {
    read: (_mailbox, after, limit) => {
      reads.push(after)
      return reads.length <= failures
        ? new StoreFailed({ fault: "io", reason: "planted" })
        : Effect.succeed(entries.slice(after, after + limit))
    }
  })
  return { reads, layer: Layer.provide(CatchUp.layer, layer) }
}

function readerTo(end: number) {
  const pushed: Array<number> = []
  const reader = new LogReader({
    after: 0,
    end,
    push: ({ seq }) => pushed.push(seq),
    isReady: () => true,
    now: () => 0,
    windowEntriesMax: 64
  })
  return { pushed, reader, reading: { mailbox, reader, isLive: () => true } }
}

const settle = TestClock.adjust(0)

describe("CatchUp", () => {
  it.effect("reads as far as the window is open, and on when it opens", () => {
    const { layer, reads } = store(100)
    return Effect.gen(function*() {
      const { request } = yield* CatchUp
      const { pushed, reader, reading } = readerTo(100)
      request(reading)
      request(reading)
      yield* settle
      assert.lengthOf(pushed, limits.windowEntriesMax)
      assert.lengthOf(reads, 1)

      reader.acknowledge(50)
      request(reading)
      yield* settle
      assert.lengthOf(pushed, 100)
    }).pipe(Effect.provide(layer))
  })

  it.effect("reads nothing for whoever has left", () => {
    const { layer, reads } = store(10)
    return Effect.gen(function*() {
      const { request } = yield* CatchUp
      request({ ...readerTo(10).reading, isLive: () => false })
      yield* settle
      assert.lengthOf(reads, 0)
    }).pipe(Effect.provide(layer))
  })

  it.effect("serves the next request after a read that failed", () => {
    const { layer } = store(3, { failures: 1 })
    return Effect.gen(function*() {
      const { request } = yield* CatchUp
      const { pushed, reading } = readerTo(3)
      request(reading)
      yield* settle
      assert.lengthOf(pushed, 0)
      request(reading)
      yield* TestClock.adjust("2 seconds")
      assert.deepStrictEqual(pushed, [1, 2, 3])
    }).pipe(Effect.provide(layer))
  })
})
