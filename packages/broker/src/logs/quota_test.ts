import {
  layerSeededRandom,
  MADE_AT,
  makeMesh,
  memberOf,
  messageIdOf,
  sealBetween
} from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { BrokerLimits, type BrokerLimitValues, defaultBrokerLimits } from "../broker_limits.ts"
import { worldOf } from "../gateway/testing/mesh_world.ts"
import { say, sendFrame } from "../gateway/testing/test_device.ts"

const mesh = makeMesh("quota", ["ada", "bob"])
const world = worldOf(mesh, { at: MADE_AT, random: layerSeededRandom("quota") })
const bob = memberOf(mesh, "bob").device

function worldWith(limits: Partial<BrokerLimitValues>) {
  const changed = Layer.succeed(BrokerLimits, { ...defaultBrokerLimits, ...limits })
  return Layer.provide(world.layer, changed)
}

const letters = Array.from({ length: 6 }, (_, at) => {
  const draft = { id: messageIdOf(at + 1), to: [{ device: bob, sseq: at + 1 }] }
  return sealBetween(mesh, { from: "ada", to: ["bob"], text: `${at}` }, { draft })
})

/** Lets every fiber run until it waits. */
const settle = Effect.repeat(TestClock.adjust(0), { times: 6 })

/** What became of the letters, in order. */
const sendAll = Effect.fnUntraced(function*(
  ada: Effect.Success<ReturnType<typeof world.attach>>,
  sent: typeof letters
) {
  const before = ada.inbox.frames.length
  for (const letter of sent) yield* say(ada, sendFrame(letter))
  yield* settle
  return ada.inbox.frames.slice(before).flatMap((frame) => {
    if (frame.type === "refused") return [frame.code]
    return frame.type === "admitted" ? ["admitted"] : []
  })
})

describe("quota", () => {
  it.effect("refuses what has no room by name, and takes more once the recipient has read", () =>
    Effect.gen(function*() {
      const ada = yield* world.attach("ada")
      const first = yield* sendAll(ada, letters.slice(0, 3))
      assert.deepStrictEqual(first, ["admitted", "admitted", "quota"])
      const refusal = yield* ada.inbox.next("refused")
      assert.strictEqual(refusal.id, messageIdOf(3))
      assert.include(refusal.message, bob)

      const receiver = yield* world.attach("bob")
      yield* receiver.inbox.next("push")
      const { seq: upto } = yield* receiver.inbox.next("push")
      const { epoch } = receiver.attached
      yield* say(receiver, { type: "ack", log: bob, epoch, upto })
      yield* TestClock.adjust(defaultBrokerLimits.cursorMillis)

      const later = yield* sendAll(ada, letters.slice(3))
      assert.deepStrictEqual(later, ["admitted", "admitted", "quota"])
    }).pipe(Effect.provide(worldWith({ mailboxEntriesMax: 2 }))))

  it.effect("counts what a device says it has when it attaches as read", () =>
    Effect.gen(function*() {
      const ada = yield* world.attach("ada")
      yield* sendAll(ada, letters.slice(0, 2))
      const { store_epoch } = ada.attached
      yield* world.attach("bob", { store_epoch, upto: 2 })
      yield* TestClock.adjust(defaultBrokerLimits.cursorMillis)
      assert.deepStrictEqual(yield* sendAll(ada, letters.slice(2, 3)), ["admitted"])
    }).pipe(Effect.provide(worldWith({ mailboxEntriesMax: 2 }))))
})

describe("rate", () => {
  it.effect("is not spent by what was admitted before", () =>
    Effect.gen(function*() {
      const ada = yield* world.attach("ada")
      for (let time = 0; time < 200; time++) {
        assert.deepStrictEqual(yield* sendAll(ada, letters.slice(0, 1)), ["admitted"])
      }
      assert.deepStrictEqual(yield* sendAll(ada, letters.slice(1, 4)), ["admitted", "admitted"])
      yield* TestClock.adjust("1 second")
      assert.strictEqual(ada.inbox.count("refused"), 0)
      assert.strictEqual(ada.inbox.count("admitted"), 203)
    }).pipe(Effect.provide(worldWith({ framesPerSecond: 1, framesBurst: 4 }))))
})
