import { type ErrorCode, refused } from "@claudemesh/protocol"
import { utf8 } from "@claudemesh/protocol/crypto"
import { appended, makeMesh, memberOf, prekeyOf, revocationOf } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { SqlClient } from "effect/sql"
import { LinkLost } from "../broker_link/broker_transport.ts"
import { Meshes } from "../meshes/meshes.ts"
import { accepted, outgoing } from "../testing/accepted.ts"
import {
  drainAmong,
  drainOn,
  layerDraining,
  placesSent,
  refuses,
  sentCount,
  textsSent
} from "../testing/draining.ts"
import { outboxStates } from "../testing/rows.ts"
import { Outbox } from "./outbox.ts"

const made = makeMesh("send-batch", ["ada", "bob", "cy"])
const mesh = made.membership.mesh
const bob = memberOf(made, "bob").device
const cy = memberOf(made, "cy").device
const daemon = layerDraining(made, "ada")

describe("makeSendBatch, without a prekey", () => {
  const bobOnly = drainOn([prekeyOf(made, "bob")])

  it.effect("keeps what cannot be sealed, and all that follows it to the same device", () =>
    Effect.gen(function*() {
      const first = yield* accepted({ to: [cy], text: "1" })
      yield* accepted({ to: [bob], text: "2" })
      yield* accepted({ to: [cy], text: "3" })

      const fake = yield* bobOnly

      assert.deepStrictEqual(textsSent(made, "bob", fake.fake), ["2"])
      assert.deepStrictEqual(yield* outboxStates, [["pending", 0], ["admitted", 0], ["pending", 0]])
      assert.deepInclude(yield* outgoing(first.id), { tries: 1, lastError: "no_prekey" })
    }).pipe(Effect.provide(daemon)))

  it.effect("is held up by no number of messages that wait", () =>
    Effect.gen(function*() {
      yield* Effect.replicateEffect(accepted({ to: [cy] }), 200)
      yield* accepted({ to: [bob], text: "behind them" })

      const { fake } = yield* bobOnly
      yield* sentCount(fake, 1)

      assert.deepStrictEqual(textsSent(made, "bob", fake), ["behind them"])
    }).pipe(Effect.provide(daemon)))
})

describe("makeSendBatch, refused for good", () => {
  it.effect.each<ErrorCode>(["unknown_recipient", "id_reused", "too_large", "revoked_device"])(
    "ends a message that is refused with %s, and seals what followed it to come after nothing",
    (code) =>
      Effect.gen(function*() {
        yield* accepted({ to: [bob], text: "1" })
        yield* accepted({ to: [bob], text: "2" })

        const { fake } = yield* drainAmong(made, refuses([1], refused(code, "No")))

        assert.deepStrictEqual(textsSent(made, "bob", fake), ["1", "2", "2"])
        assert.deepStrictEqual(placesSent(fake, bob), [
          { sseq: 1 },
          { sseq: 2, after: 1 },
          { sseq: 2, ended: 1 }
        ])
        assert.deepStrictEqual(yield* outboxStates, [["dead", 0], ["admitted", 1]])
      }).pipe(Effect.provide(daemon))
  )

  it.effect("ends at once what is for somebody who was revoked", () =>
    Effect.gen(function*() {
      yield* accepted({ to: [cy] })
      yield* accepted({ to: [bob], text: "2" })
      const shrunk = appended(made, revocationOf(made, "ada", "cy"))
      yield* Meshes.use(({ learn }) => learn(mesh, shrunk.statements))

      const { fake } = yield* drainAmong(made)

      assert.deepStrictEqual(yield* outboxStates, [["dead", 0], ["admitted", 0]])
      assert.lengthOf(fake.sent(), 1)
    }).pipe(Effect.provide(daemon)))
})

describe("makeSendBatch, refused for now", () => {
  it.effect.each<ErrorCode>([
    "overloaded",
    "rate_limited",
    "store_full",
    "internal",
    "shutting_down"
  ])(
    "keeps a message that is refused with %s, and tries it again later",
    (code) =>
      Effect.gen(function*() {
        const { id } = yield* accepted({ to: [bob], text: "1" })
        const { fake } = yield* drainAmong(made, refuses([1], refused(code, "Not now")))
        assert.deepInclude(yield* outgoing(id), { state: "pending", tries: 1, lastError: code })

        yield* TestClock.adjust("500 millis")

        assert.deepStrictEqual(textsSent(made, "bob", fake), ["1", "1"])
        assert.deepInclude(yield* outgoing(id), { state: "admitted", tries: 0, lastError: null })
      }).pipe(Effect.provide(daemon))
  )

  it.effect("waits for as long as the broker asked for", () =>
    Effect.gen(function*() {
      yield* accepted({ to: [bob], text: "1" })
      const asked = refused("rate_limited", "Not now", { retry_after_ms: 20_000 })
      const { fake } = yield* drainAmong(made, refuses([1], asked))

      yield* TestClock.adjust("19 seconds")
      assert.lengthOf(fake.sent(), 1)
      yield* TestClock.adjust("1 second")
      assert.lengthOf(fake.sent(), 2)
    }).pipe(Effect.provide(daemon)))

  it.effect("seals again what was taken although one before it was not, to come after it", () =>
    Effect.gen(function*() {
      for (const text of ["1", "2", "3"]) yield* accepted({ to: [bob], text })
      yield* accepted({ to: [cy], text: "to cy" })
      const { fake } = yield* drainAmong(made, refuses([2], refused("rate_limited", "Not now")))
      assert.deepStrictEqual(yield* outboxStates, [
        ["admitted", 0],
        ["pending", 0],
        ["pending", 1],
        ["admitted", 0]
      ])

      yield* TestClock.adjust("500 millis")

      assert.deepStrictEqual(textsSent(made, "bob", fake), ["1", "2", "3", undefined, "2", "3"])
      assert.deepStrictEqual(placesSent(fake, bob).slice(-2), [
        { sseq: 2, after: 1 },
        { sseq: 3, after: 2 }
      ])
    }).pipe(Effect.provide(daemon)))

  it.effect("tries one that was refused alone, and what follows it once it is taken", () =>
    Effect.gen(function*() {
      for (const text of ["1", "2", "3"]) yield* accepted({ to: [bob], text })
      const { fake } = yield* drainAmong(
        made,
        refuses([1, 2, 3, 4], refused("overloaded", "Not now"))
      )

      yield* TestClock.adjust("500 millis")
      assert.deepStrictEqual(textsSent(made, "bob", fake), ["1", "2", "3", "1"])

      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(textsSent(made, "bob", fake), ["1", "2", "3", "1", "1", "2", "3"])
    }).pipe(Effect.provide(daemon)))

  it.effect("lets those that follow leave at once when one is refused for good in the end", () =>
    Effect.gen(function*() {
      for (const text of ["1", "2"]) yield* accepted({ to: [bob], text })
      const forNow = refuses([1, 2], refused("overloaded", "Not now"))
      const forGood = refuses([1], refused("too_large", "Never"))
      const { fake } = yield* drainAmong(made, (request) => forNow(request) ?? forGood(request))

      yield* TestClock.adjust("500 millis")

      assert.deepStrictEqual(textsSent(made, "bob", fake), ["1", "2", "1", "2"])
      assert.deepStrictEqual(yield* outboxStates, [["dead", 0], ["admitted", 0]])
    }).pipe(Effect.provide(daemon)))

  it.effect("lets receipts go to whom messages wait for", () =>
    Effect.gen(function*() {
      yield* accepted({ to: [bob], text: "1" })
      const { fake } = yield* drainAmong(made, refuses([1], refused("store_full", "Not now")))

      yield* Outbox.use(({ accept }) =>
        accept({
          mesh,
          class: "receipt",
          to: [{ device: bob }],
          addressed: "bob",
          meta: { priority: "low" },
          content: utf8("receipts"),
          ttl: 60_000
        })
      )
      yield* TestClock.adjust("1 millis")

      assert.deepStrictEqual(textsSent(made, "bob", fake), ["1", "receipts"])
    }).pipe(Effect.provide(daemon)))

  it.effect("knows of each message whether a broker may have it", () =>
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient
      for (const text of ["1", "2"]) yield* accepted({ to: [bob], text })
      yield* drainAmong(made, refuses([1, 2], refused("store_full", "Not now")))
      const unanswered = sql`SELECT unanswered FROM outbox ORDER BY position`.values

      assert.deepStrictEqual(yield* unanswered, [[0], [0]])
      yield* TestClock.adjust("500 millis")
      assert.deepStrictEqual(yield* unanswered, [[1], [1]])
    }).pipe(Effect.provide(daemon)))

  it.effect.each<ErrorCode>(["not_attached", "fenced"])(
    "ends the session and no message when the broker says %s",
    (code) =>
      Effect.gen(function*() {
        yield* accepted({ to: [bob] })

        const { fiber } = yield* drainAmong(made, refuses([1], refused(code, "No more")))

        const lost = yield* Effect.flip(Fiber.join(fiber))
        assert.deepStrictEqual(lost, new LinkLost({ reason: "No more" }))
        assert.deepStrictEqual(yield* outboxStates, [["pending", 0]])
      }).pipe(Effect.provide(daemon))
  )
})
