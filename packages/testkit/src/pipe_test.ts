import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Latch } from "effect"
import { TestClock } from "effect/testing"
import { PassThrough } from "node:stream"
import { type LinkFaults, SOUND_LINK } from "./link_faults.ts"
import { carry } from "./pipe.ts"
import { makeChance } from "./simulation/chance.ts"

/** Both ends of a pipe, and what has come out of it. */
const makePipe = Effect.fnUntraced(function*(faults: Partial<LinkFaults> = {}) {
  const [from, to] = [new PassThrough(), new PassThrough()]
  const gate = yield* Latch.make(true)
  const running = yield* Effect.forkChild(carry({
    from,
    to,
    faults: () => ({ ...SOUND_LINK, ...faults }),
    gate,
    chance: makeChance("a pipe")
  }))
  let text = ""
  to.on("data", (bytes) => {
    text += String(bytes)
  })
  return { from, gate, running, received: () => text }
})

/** Streams hand over in turns of the event loop, which no clock stands for. */
const turns = Effect.repeat(Effect.yieldNow, { times: 20 })

/** Lets so much time pass, and then whatever that sets off. */
const pass = Effect.fnUntraced(function*(millis: number) {
  yield* turns
  yield* TestClock.adjust(millis)
  yield* turns
})

describe("carry", () => {
  it.effect("gives on everything, and says that the sender has finished", () =>
    Effect.gen(function*() {
      const { from, received, running } = yield* makePipe()

      from.write("a")
      from.end("b")

      assert.strictEqual(yield* Fiber.join(running), "finished")
      assert.strictEqual(received(), "ab")
    }))

  it.effect("says of a sender that broke off that it is broken", () =>
    Effect.gen(function*() {
      const { from, running } = yield* makePipe()

      from.destroy()

      assert.strictEqual(yield* Fiber.join(running), "broken")
    }))

  it.effect("holds pieces up, and keeps their order", () =>
    Effect.gen(function*() {
      const { from, received } = yield* makePipe({ delayMillisMax: 1_000 })

      for (const piece of ["a", "b", "c", "d"]) {
        from.write(piece)
        yield* turns
      }

      assert.notStrictEqual(received(), "abcd")
      yield* pass(1_000)
      assert.strictEqual(received(), "abcd")
    }))

  it.effect("lets so many bytes through in a second and no more", () =>
    Effect.gen(function*() {
      const { from, received } = yield* makePipe({ bytesPerSecond: 100 })

      from.write("x".repeat(300))
      for (let step = 0; step < 20; step++) yield* pass(50)

      assert.closeTo(received().length, 100, 5)
    }))

  it.effect("holds everything back while its gate is closed, the end included", () =>
    Effect.gen(function*() {
      const { from, gate, received, running } = yield* makePipe()
      yield* gate.close

      from.end("a")
      yield* turns
      assert.strictEqual(received(), "")

      yield* gate.open
      assert.strictEqual(yield* Fiber.join(running), "finished")
      assert.strictEqual(received(), "a")
    }))

  it.effect("breaks off behind the beginning of what it truncates", () =>
    Effect.gen(function*() {
      const { from, received, running } = yield* makePipe({ truncateChance: 1 })

      from.write("x".repeat(100))

      assert.strictEqual(yield* Fiber.join(running), "broken")
      assert.isBelow(received().length, 100)
    }))
})
