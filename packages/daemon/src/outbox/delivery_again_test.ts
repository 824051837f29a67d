import type { ErrorCode } from "@claudemesh/protocol"
import { layerSeededRandom, makeMesh, memberOf } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect, Layer, SubscriptionRef } from "effect"
import { TestClock } from "effect/testing"
import { accepted, outgoing } from "../testing/accepted.ts"
import { layerMadeDaemon } from "../testing/made_daemon.ts"
import { outboxStates } from "../testing/rows.ts"
import { admitAll, beginAll, sign } from "../testing/under_way.ts"
import { Delivery } from "./delivery.ts"
import { ATTEMPTS_MAX } from "./next_attempt.ts"
import { Outbox, type Outgoing } from "./outbox.ts"

const made = makeMesh("delivery-again", ["ada", "bob", "cy"])
const mesh = made.membership.mesh
const bob = memberOf(made, "bob").device
const cy = memberOf(made, "cy").device
const daemon = Layer.provide(layerMadeDaemon(made, "ada"), layerSeededRandom("delivery-again"))

function recipientStates(message: Outgoing) {
  return Effect.map(outgoing(message.id), ({ recipients }) => recipients.map(({ state }) => state))
}

describe("Delivery.applyReceipt, a verdict that is no end", () => {
  it.effect("lets the message wait under the next attempt, and wakes whoever sends", () =>
    Effect.gen(function*() {
      const { version } = yield* Outbox
      const message = yield* accepted({ to: [bob] })
      yield* admitAll
      const before = yield* SubscriptionRef.get(version)

      yield* sign(message, "rejected", { reason: "reseal" })

      assert.deepStrictEqual(yield* outboxStates, [["pending", 1]])
      assert.deepStrictEqual(yield* recipientStates(message), ["admitted"])
      assert.strictEqual(yield* SubscriptionRef.get(version), before + 1)
    }).pipe(Effect.provide(daemon)))

  it.effect("is heard though it comes before the broker's answer", () =>
    Effect.gen(function*() {
      const { admitted } = yield* Delivery
      const message = yield* accepted({ to: [bob] })
      const begun = yield* beginAll

      yield* sign(message, "rejected", { reason: "reseal" })
      yield* admitted(begun)

      assert.deepStrictEqual(yield* outboxStates, [["pending", 1]])
      assert.deepStrictEqual((yield* beginAll).map(({ attempt }) => attempt), [1])
    }).pipe(Effect.provide(daemon)))

  it.effect("is heard though the message waits again after a reconnect", () =>
    Effect.gen(function*() {
      const { reoffer } = yield* Delivery
      const message = yield* accepted({ to: [bob] })
      yield* admitAll
      yield* reoffer(mesh)
      const [read] = yield* Outbox.use(({ pending }) => pending(mesh, { after: 0, limit: 1 }))

      yield* sign(message, "rejected", { reason: "reseal" })

      // Whoever had read the message before sends what it has become.
      const begun = yield* Delivery.use(({ begin }) => begin(read === undefined ? [] : [read]))
      assert.deepStrictEqual(begun.map(({ attempt }) => attempt), [1])
    }).pipe(Effect.provide(daemon)))

  it.effect.each<ErrorCode>(["reseal", "bad_signature", "unknown_sender", "malformed"])(
    "believes %s in the end, after attempts that wait longer each time",
    (reason) =>
      Effect.gen(function*() {
        const message = yield* accepted({ to: [bob], ttl: 86_400_000 })
        const waits: Array<number> = []
        while ((yield* admitAll).length > 0) {
          yield* sign(message, "rejected", { reason })
          const now = yield* Clock.currentTimeMillis
          const wait = (yield* Outbox.use(({ millisUntilDue }) => millisUntilDue(mesh, now))) ?? 0
          yield* TestClock.adjust(wait)
          waits.push(wait)
        }

        assert.deepStrictEqual(waits.slice(0, 4), [0, 1_000, 2_000, 4_000])
        assert.lengthOf(waits, ATTEMPTS_MAX + 1)
        assert.deepStrictEqual(yield* outboxStates, [["dead", ATTEMPTS_MAX]])
        const { recipients: [recipient] } = yield* outgoing(message.id)
        assert.deepInclude(recipient, { state: "rejected", reason })
      }).pipe(Effect.provide(daemon))
  )

  it.effect("counts once, however often the same verdict comes while it waits", () =>
    Effect.gen(function*() {
      const message = yield* accepted({ to: [bob] })
      for (const _ of ["at once", "later"]) {
        yield* admitAll
        yield* sign(message, "rejected", { reason: "reseal" })
      }

      yield* sign(message, "rejected", { reason: "reseal" })

      assert.deepStrictEqual(yield* outboxStates, [["pending", 2]])
    }).pipe(Effect.provide(daemon)))

  it.effect("is not heard from a device that has signed for it", () =>
    Effect.gen(function*() {
      const message = yield* accepted({ to: [bob, cy] })
      yield* admitAll
      yield* sign(message, "inboxed")

      yield* sign(message, "rejected", { reason: "reseal" })

      assert.deepStrictEqual(yield* outboxStates, [["admitted", 0]])
    }).pipe(Effect.provide(daemon)))

  it.effect("does not bring back what has ended", () =>
    Effect.gen(function*() {
      const { reject } = yield* Delivery
      const message = yield* accepted({ to: [bob] })
      yield* reject(message, "too_large")

      yield* sign(message, "rejected", { reason: "reseal" })

      assert.deepStrictEqual(yield* outboxStates, [["dead", 0]])
    }).pipe(Effect.provide(daemon)))
})
