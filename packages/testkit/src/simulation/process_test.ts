import { assert, describe, it } from "@effect/vitest"
import { Clock, Deferred, Effect } from "effect"
import { WORLD_BEGAN_AT } from "./process.ts"
import { makeSurroundings } from "./testing/surroundings.ts"

describe("Process", () => {
  it("runs effects on the clock of its world", () => {
    const { makeProcess, pass } = makeSurroundings()
    const woken: Array<number> = []
    makeProcess().run(
      Effect.andThen(Effect.sleep("3 seconds"), Clock.currentTimeMillis),
      (exit) => exit._tag === "Success" && woken.push(exit.value - WORLD_BEGAN_AT)
    )
    pass(2_999)
    assert.deepStrictEqual(woken, [])
    pass(1)
    assert.deepStrictEqual(woken, [3_000])
  })

  it("has a wall clock that may be wrong, and one that only goes on", () => {
    const { makeProcess, pass } = makeSurroundings()
    const read: Array<number> = []
    makeProcess("early", -5_000).run(Effect.gen(function*() {
      yield* Effect.sleep("1 second")
      read.push((yield* Clock.currentTimeMillis) - WORLD_BEGAN_AT)
      read.push(Number((yield* Clock.monotonicTimeNanos) / 1_000_000n))
    }))
    pass(1_000)
    assert.deepStrictEqual(read, [-4_000, 1_000])
  })

  it("interleaves its fibers otherwise for another seed", () => {
    const orders = Array.from({ length: 40 }, (_, seed) => {
      const { makeProcess, pass } = makeSurroundings(`${seed}`)
      const ran: Array<string> = []
      makeProcess().run(
        Effect.forEach(["a", "b", "c"], (name) =>
          Effect.repeat(
            Effect.andThen(Effect.yieldNow, Effect.sync(() => ran.push(name))),
            { times: 1 }
          ), { concurrency: "unbounded" })
      )
      pass(0)
      return ran.join("")
    })
    assert.isAbove(new Set(orders).size, 5)
  })

  it("does nothing more once it is killed, not even what it had promised to", () => {
    const { makeProcess, pass } = makeSurroundings()
    const process = makeProcess()
    process.run(
      Effect.ensuring(Effect.sleep("1 second"), Effect.sync(() => assert.fail("it is dead"))),
      () => assert.fail("it is dead")
    )
    pass(500)
    process.kill()
    process.call(() => assert.fail("it is dead"))
    pass(5_000)
    assert.strictEqual(process.state, "dead")
  })

  it("does late what came while it was frozen", () => {
    const { makeProcess, pass, timeline } = makeSurroundings()
    const process = makeProcess()
    const done: Array<number> = []
    process.run(
      Effect.andThen(Effect.sleep("1 second"), Effect.sync(() => done.push(timeline.now)))
    )
    pass(500)
    process.freeze()
    process.call(() => done.push(timeline.now))
    pass(5_000)
    assert.deepStrictEqual(done, [])
    process.thaw()
    pass(0)
    assert.deepStrictEqual(done, [5_500, 5_500])
  })

  it("ends in order where it is interrupted", () => {
    const { makeProcess, pass } = makeSurroundings()
    const ended: Array<string> = []
    const interrupt = makeProcess().run(
      Effect.ensuring(Effect.never, Effect.sync(() => ended.push("finalizer"))),
      (exit) => ended.push(exit._tag)
    )
    pass(10)
    interrupt()
    pass(10)
    assert.deepStrictEqual(ended, ["finalizer", "Failure"])
  })

  it("makes keys of what its seed says", () => {
    const keys = Array.from({ length: 2 }, () => {
      const { makeProcess, pass } = makeSurroundings("keys")
      const process = makeProcess()
      const made: Array<Uint8Array> = []
      process.run(
        Effect.map(process.secureRandom.randomBytes(8), (bytes) => void made.push(bytes))
      )
      pass(0)
      return made[0]
    })
    assert.lengthOf(keys[0] ?? [], 8)
    assert.deepStrictEqual(keys[0], keys[1])
  })

  it("wakes a fiber that waits for another one", () => {
    const { makeProcess, pass } = makeSurroundings()
    const woken: Array<string> = []
    makeProcess().run(Effect.gen(function*() {
      const signal = yield* Deferred.make<string>()
      yield* Effect.forkChild(Effect.delay(Deferred.succeed(signal, "now"), "1 second"))
      woken.push(yield* Deferred.await(signal))
    }))
    pass(1_000)
    assert.deepStrictEqual(woken, ["now"])
  })
})
