import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { HandPipe } from "./testing/hand_pipe.ts"

describe("DaemonLink", () => {
  it.effect("says once why it is not registered, and goes on trying", () =>
    Effect.gen(function*() {
      const hand = new HandPipe()
      hand.answers.set("sessions", { status: 400, json: { message: "No process has pid 7" } })
      yield* hand.begun
      yield* hand.moved(250)
      yield* hand.moved(500)

      assert.strictEqual(hand.bodies("/sessions").length, 3)
      assert.deepStrictEqual(hand.said, ["cannot register: No process has pid 7"])
    }))

  it.effect("reads one feed at a time", () =>
    Effect.gen(function*() {
      const hand = new HandPipe()
      yield* hand.begun
      hand.endFeed()
      hand.endFeed()
      yield* hand.moved(10_000)

      assert.strictEqual(hand.bodies("/sessions").length, 2)
    }))
})
