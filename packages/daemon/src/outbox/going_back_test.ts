import { layerSeededRandom, makeMesh, memberOf } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { accepted, outgoing } from "../testing/accepted.ts"
import { layerMadeDaemon } from "../testing/made_daemon.ts"
import { outboxStates } from "../testing/rows.ts"
import { admitAll, beginAll, sign } from "../testing/under_way.ts"
import { Delivery } from "./delivery.ts"
import type { Outgoing } from "./outbox.ts"

const made = makeMesh("going-back", ["ada", "bob", "cy"])
const mesh = made.membership.mesh
const bob = memberOf(made, "bob").device
const cy = memberOf(made, "cy").device
const daemon = Layer.provide(layerMadeDaemon(made, "ada"), layerSeededRandom("going-back"))

/** So many messages to bob that the broker has. */
const admittedToBob = Effect.fnUntraced(function*(count: number) {
  yield* Effect.replicateEffect(accepted({ to: [bob] }), count)
  return yield* admitAll
})

function refuse(message: Outgoing | undefined, reason: "out_of_order" | "reseal") {
  return message === undefined
    ? Effect.die("there is no such message")
    : sign(message, "rejected", { reason })
}

describe("Delivery.applyReceipt, out of order", () => {
  it.effect("seals again the message, and whatever before it the recipient has not signed for", () =>
    Effect.gen(function*() {
      const [one, , three] = yield* admittedToBob(4)
      yield* accepted({ to: [cy] })
      yield* admitAll
      if (one !== undefined) yield* sign(one, "inboxed")

      yield* refuse(three, "out_of_order")

      assert.deepStrictEqual(yield* outboxStates, [
        ["delivered", 0],
        ["pending", 1],
        ["pending", 1],
        ["admitted", 0],
        ["admitted", 0]
      ])
    }).pipe(Effect.provide(daemon)))

  it.effect("goes back once for a verdict on each of several that follow one another", () =>
    Effect.gen(function*() {
      const [one, two, three] = yield* admittedToBob(3)

      yield* refuse(one, "reseal")
      yield* refuse(two, "out_of_order")
      yield* refuse(three, "out_of_order")

      assert.deepStrictEqual(yield* outboxStates, [["pending", 1], ["pending", 1], ["pending", 1]])
      assert.deepStrictEqual((yield* beginAll).map(({ attempt }) => attempt), [1, 1, 1])
    }).pipe(Effect.provide(daemon)))

  it.effect("is heard though the message waits again after a reconnect", () =>
    Effect.gen(function*() {
      const [one] = yield* admittedToBob(1)
      yield* Delivery.use(({ reoffer }) => reoffer(mesh))

      yield* refuse(one, "out_of_order")

      assert.deepStrictEqual(yield* outboxStates, [["pending", 1]])
    }).pipe(Effect.provide(daemon)))

  it.effect("waits longer each time, and is never believed for good", () =>
    Effect.gen(function*() {
      const [one] = yield* admittedToBob(1)
      const waits: Array<number> = []
      for (let time = 0; time < 20; time++) {
        const before = yield* Clock.currentTimeMillis
        yield* refuse(one, "out_of_order")
        const { notBefore } = yield* outgoing(one?.id ?? assert.fail("there is no message"))
        waits.push(notBefore - before)
        yield* TestClock.setTime(notBefore)
        yield* admitAll
      }

      assert.deepStrictEqual(waits.slice(0, 4), [0, 500, 1_000, 2_000])
      assert.strictEqual(waits.at(-1), 30_000)
      assert.deepStrictEqual(yield* outboxStates, [["admitted", 20]])
    }).pipe(Effect.provide(daemon)))

  it.effect("takes nothing from the attempts that a verdict on the message itself has", () =>
    Effect.gen(function*() {
      const [one] = yield* admittedToBob(1)
      for (let time = 0; time < 12; time++) {
        yield* refuse(one, "out_of_order")
        yield* TestClock.adjust("30 seconds")
        yield* admitAll
      }

      yield* refuse(one, "reseal")

      assert.deepStrictEqual(yield* outboxStates, [["pending", 13]])
    }).pipe(Effect.provide(daemon)))
})

describe("Delivery.askAgain", () => {
  it.effect("seals again for that device all that it has not signed for and may have", () =>
    Effect.gen(function*() {
      const { askAgain, reoffer } = yield* Delivery
      const [one] = yield* admittedToBob(2)
      if (one !== undefined) yield* sign(one, "inboxed")
      yield* accepted({ to: [cy] })
      yield* admitAll
      yield* reoffer(mesh)
      yield* accepted({ to: [bob] })

      yield* askAgain(mesh, bob)
      yield* askAgain(mesh, bob)

      assert.deepStrictEqual(yield* outboxStates, [
        ["delivered", 0],
        ["pending", 2],
        ["pending", 0],
        ["pending", 0]
      ])
    }).pipe(Effect.provide(daemon)))
})
