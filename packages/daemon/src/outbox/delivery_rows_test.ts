import { layerSeededRandom, MADE_AT, makeMesh, memberOf } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { accepted, outgoing } from "../testing/accepted.ts"
import { layerMadeDaemon } from "../testing/made_daemon.ts"
import { asState, makeDeliveryRows } from "./delivery_rows.ts"
import { Outbox } from "./outbox.ts"

const made = makeMesh("rows", ["ada", "bob", "cy"])
const bob = memberOf(made, "bob").device
const cy = memberOf(made, "cy").device
const daemon = Layer.provide(layerMadeDaemon(made, "ada"), layerSeededRandom("rows"))

describe("makeDeliveryRows", () => {
  it.effect("notes a state of one recipient and leaves the others", () =>
    Effect.gen(function*() {
      const { note } = yield* makeDeliveryRows
      const message = yield* accepted({ to: [bob, cy] })

      yield* note(message, bob, { state: "inboxed", at: MADE_AT })

      const { recipients, state } = yield* outgoing(message.id)
      assert.strictEqual(state, "pending")
      assert.strictEqual(recipients.find(({ device }) => device === bob)?.state, "inboxed")
      assert.strictEqual(recipients.find(({ device }) => device === cy)?.state, "queued")
    }).pipe(Effect.provide(daemon)))

  it.effect("keeps the time at which a state was first reached", () =>
    Effect.gen(function*() {
      const { note } = yield* makeDeliveryRows
      const { steps } = yield* Outbox
      const message = yield* accepted({ to: [bob] })

      yield* note(message, bob, { state: "inboxed", at: MADE_AT + 1 })
      yield* note(message, bob, { state: "inboxed", at: MADE_AT + 2 })

      const found = yield* steps(message.mesh, message.id)
      assert.deepStrictEqual(found.map(({ at, state }) => [state, at - MADE_AT]), [
        ["queued", 0],
        ["inboxed", 1]
      ])
    }).pipe(Effect.provide(daemon)))

  it.effect("ends for those only who have not signed", () =>
    Effect.gen(function*() {
      const { end, note } = yield* makeDeliveryRows
      const message = yield* accepted({ to: [bob, cy] })
      yield* note(message, bob, { state: "inboxed", at: MADE_AT })

      yield* end(message, { state: "expired", reason: "expired" })

      const { reason, recipients, state } = yield* outgoing(message.id)
      assert.deepStrictEqual([state, reason], ["expired", "expired"])
      assert.strictEqual(recipients.find(({ device }) => device === bob)?.state, "inboxed")
      assert.strictEqual(recipients.find(({ device }) => device === cy)?.state, "expired")
    }).pipe(Effect.provide(daemon)))
})

describe("makeDeliveryRows.end", () => {
  it.effect("leaves delivered what one recipient has, though another is refused it", () =>
    Effect.gen(function*() {
      const { end, note } = yield* makeDeliveryRows
      const message = yield* accepted({ to: [bob, cy] })
      yield* note(message, bob, { state: "inboxed", at: MADE_AT })

      yield* end(message, { state: "dead", reason: "unknown_recipient" })

      const { recipients, state } = yield* outgoing(message.id)
      assert.strictEqual(state, "delivered")
      assert.strictEqual(recipients.find(({ device }) => device === cy)?.state, "rejected")
    }).pipe(Effect.provide(daemon)))

  it.effect("changes nothing that has ended meanwhile", () =>
    Effect.gen(function*() {
      const { end } = yield* makeDeliveryRows
      const message = yield* accepted({ to: [bob] })
      yield* end(message, { state: "aborted" })

      yield* end(message, { state: "dead", reason: "quota" })

      assert.deepInclude(yield* outgoing(message.id), { state: "aborted", reason: null })
    }).pipe(Effect.provide(daemon)))
})

describe("asState", () => {
  it("reads the states that are written, and takes anything else for the lowest", () => {
    assert.deepStrictEqual(["inboxed", "expired", "?"].map(asState), [
      "inboxed",
      "expired",
      "queued"
    ])
  })
})
