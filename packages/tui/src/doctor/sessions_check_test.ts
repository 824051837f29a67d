import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Stream } from "effect"
import { TestClock } from "effect/testing"
import { heldMessage, received, session } from "../testing/samples.ts"
import { held, heldFinding, sessionFinding, sessions } from "./sessions_check.ts"
import { machine, running } from "./testing/fake_machine.ts"

const { carrier: _, ...without } = session

describe("sessions", () => {
  it.effect("names each, its mode, by what messages reach it, and how many wait", () =>
    Effect.gen(function*() {
      const message = {
        type: "message" as const,
        message: received,
        posted: false,
        stranger: false
      }
      const events = Stream.concat(Stream.make(message, message), Stream.never)
      const daemon = running({
        sessions: { list: () => Effect.succeed({ items: [session] }) },
        surfacing: { feed: () => Effect.succeed(events) }
      })
      const looking = yield* Effect.forkChild(Effect.provide(sessions, machine({ daemon })))
      yield* TestClock.adjust("1 second")
      const [finding] = yield* Fiber.join(looking)

      assert.strictEqual(finding?.status, "ok")
      assert.strictEqual(finding?.says, "\"api\", mode push, by socket, 2 messages not shown yet")
    }))

  it.effect("is skipped where none runs", () =>
    Effect.gen(function*() {
      const daemon = running({ sessions: { list: () => Effect.succeed({ items: [] }) } })
      const [finding] = yield* Effect.provide(sessions, machine({ daemon }))
      assert.strictEqual(finding?.status, "skipped")
    }))
})

describe("sessionFinding", () => {
  it("warns of one in push mode that nothing is known to reach", () => {
    assert.strictEqual(sessionFinding(without, 1).status, "warning")
    assert.strictEqual(sessionFinding({ ...without, mode: "inbox" }, undefined).status, "ok")
  })
})

describe("held", () => {
  it.effect("warns of what waits for a person", () =>
    Effect.gen(function*() {
      const daemon = running({
        surfacing: { held: () => Effect.succeed({ items: [heldMessage] }) }
      })
      const [finding] = yield* Effect.provide(held, machine({ daemon }))

      assert.strictEqual(finding?.status, "warning")
      assert.strictEqual(finding?.fix?.cmd, "claudemesh held list")
      assert.strictEqual(heldFinding(0).status, "ok")
    }))
})
