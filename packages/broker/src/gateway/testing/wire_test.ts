import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { Inbox } from "./wire.ts"

describe("Inbox", () => {
  it.effect("hands frames of a type over in order, those of others left alone", () =>
    Effect.gen(function*() {
      const inbox = new Inbox()
      const waiting = yield* Effect.forkChild(inbox.next("pong"), { startImmediately: true })
      inbox.arrived(`{"type":"goaway","after_ms":1,"jitter_ms":2}`)
      inbox.arrived(`{"type":"pong","t":1}`)
      inbox.arrived(`{"type":"pong","t":2}`)

      assert.strictEqual((yield* Fiber.join(waiting)).t, 1)
      assert.strictEqual((yield* inbox.next("pong")).t, 2)
      assert.strictEqual((yield* inbox.next("goaway")).after_ms, 1)
      assert.strictEqual(inbox.count("pong"), 2)
    }))

  it("takes nothing that is no frame", () => {
    assert.throws(() => new Inbox().arrived(`{"type":"pong"}`))
  })
})
