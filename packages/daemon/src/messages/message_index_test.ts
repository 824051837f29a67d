import { MeshId, type MessageId } from "@claudemesh/protocol"
import { layerSeededRandom, MADE_AT, makeMesh, memberOf, messageIdOf } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect, Layer } from "effect"
import { accepted } from "../testing/accepted.ts"
import { arrived as arrivedFrom } from "../testing/arrived.ts"
import { layerMadeDaemon } from "../testing/made_daemon.ts"
import { type Among, MessageIndex } from "./message_index.ts"

const made = makeMesh("index", ["ada", "bob", "cy", "dan"])
const mesh = made.membership.mesh
const [bob, cy] = [memberOf(made, "bob").device, memberOf(made, "cy").device]
const daemon = MessageIndex.layer.pipe(
  Layer.provideMerge(layerMadeDaemon(made, "ada")),
  Layer.provide(layerSeededRandom("index"))
)

function find(typed: string, among?: Among) {
  return MessageIndex.use((index) => index.find(typed, among))
}

/** A message that came. */
function arrived(id: MessageId, sender = bob) {
  return arrivedFrom({ mesh, sender, id })
}

describe("MessageIndex.find", () => {
  it.effect("finds what was sent and what came, by the beginning of the id in any case", () =>
    Effect.gen(function*() {
      yield* arrived(messageIdOf(0xaaa))
      yield* accepted({ to: [bob], id: messageIdOf(0xbbb) })

      const received = yield* find(` ${messageIdOf(0xaaa).toUpperCase()}`)
      const sent = yield* find(messageIdOf(0xbbb))

      assert.isTrue("received" in received)
      assert.deepStrictEqual(sent, {
        id: messageIdOf(0xbbb),
        sent: { mesh, id: messageIdOf(0xbbb) }
      })
    }).pipe(Effect.provide(daemon)))

  it.effect("does not choose between several, and says which", () =>
    Effect.gen(function*() {
      yield* arrived(messageIdOf(1))
      yield* accepted({ to: [bob], id: messageIdOf(2) })

      const refusal = yield* Effect.flip(find("019b76"))

      assert.strictEqual(refusal.code, "ambiguous_name")
      assert.deepStrictEqual(refusal.candidates, [messageIdOf(1), messageIdOf(2)])
    }).pipe(Effect.provide(daemon)))

  it.effect("takes ours before a received one of the same id", () =>
    Effect.gen(function*() {
      yield* arrived(messageIdOf(1))
      yield* accepted({ to: [bob], id: messageIdOf(1) })

      assert.deepStrictEqual(yield* find(messageIdOf(1)), {
        id: messageIdOf(1),
        sent: { mesh, id: messageIdOf(1) }
      })
    }).pipe(Effect.provide(daemon)))

  it.effect("does not choose between those of several senders, and says what would", () =>
    Effect.gen(function*() {
      yield* arrived(messageIdOf(1))
      yield* arrived(messageIdOf(1), cy)

      const refusal = yield* Effect.flip(find(messageIdOf(1)))
      const { id, ...rest } = yield* find(messageIdOf(1), { senders: [cy] })

      assert.strictEqual(refusal.code, "ambiguous_name")
      assert.deepStrictEqual(refusal.candidates, [
        `${id} --from bob@bob-box`,
        `${id} --from cy@cy-box`
      ])
      assert.nestedPropertyVal(rest, "received.sender", cy)
    }).pipe(Effect.provide(daemon)))

  it.effect("does not choose between meshes, and says what would", () =>
    Effect.gen(function*() {
      const id = messageIdOf(1)
      const elsewhere = MeshId.make(`m_${"e".repeat(26)}`)
      yield* accepted({ to: [bob], id })
      yield* accepted({ to: [bob], id, mesh: elsewhere })

      const refusal = yield* Effect.flip(find(id))
      const ofMesh = yield* find(id, { mesh: elsewhere })

      assert.deepStrictEqual(refusal.candidates, [`${id} --mesh home`, `${id} --mesh ${elsewhere}`])
      assert.deepStrictEqual(ofMesh, { id, sent: { mesh: elsewhere, id } })
    }).pipe(Effect.provide(daemon)))

  it.effect.each(["", "019b7", "ffffffff", "'; DROP TABLE inbox; --"])(
    "finds nothing for %j",
    (typed) =>
      Effect.gen(function*() {
        yield* arrived(messageIdOf(1))

        assert.strictEqual((yield* Effect.flip(find(typed))).code, "message_not_found")
      }).pipe(Effect.provide(daemon))
  )
})

describe("MessageIndex.answered", () => {
  function answered(typed: string, ...devices: ReadonlyArray<typeof bob>) {
    return MessageIndex.use((index) => index.answered(typed, { mesh, devices }))
  }

  it.effect("is what was sent or received, whoever is written to", () =>
    Effect.gen(function*() {
      yield* arrived(messageIdOf(0xaaa))
      yield* accepted({ to: [bob], id: messageIdOf(0xbbb) })

      assert.strictEqual(yield* answered(messageIdOf(0xaaa), cy), messageIdOf(0xaaa))
      assert.strictEqual(yield* answered(messageIdOf(0xbbb), cy), messageIdOf(0xbbb))
      assert.strictEqual((yield* Effect.flip(answered("019b76", bob))).code, "ambiguous_name")
      assert.strictEqual((yield* Effect.flip(answered("ffffffff", bob))).code, "message_not_found")
    }).pipe(Effect.provide(daemon)))

  it.effect("is, of several senders of one id, that of whom is written to", () =>
    Effect.gen(function*() {
      yield* arrived(messageIdOf(1))
      yield* arrived(messageIdOf(1), cy)

      assert.strictEqual(yield* answered(messageIdOf(1), cy), messageIdOf(1))
      assert.strictEqual(yield* answered(messageIdOf(1).slice(0, 30), bob), messageIdOf(1))
    }).pipe(Effect.provide(daemon)))

  it.effect("does not choose between those of others, and says whose they are and of when", () =>
    Effect.gen(function*() {
      yield* arrived(messageIdOf(1))
      yield* arrived(messageIdOf(1), cy)
      const dan = memberOf(made, "dan").device

      const refusal = yield* Effect.flip(answered(messageIdOf(1), dan))

      const at = DateTime.formatIso(DateTime.makeUnsafe(MADE_AT))
      assert.strictEqual(refusal.code, "ambiguous_name")
      assert.deepStrictEqual(refusal.candidates, [
        `that of bob@bob-box, sent ${at}`,
        `that of cy@cy-box, sent ${at}`
      ])
    }).pipe(Effect.provide(daemon)))
})

describe("MessageIndex.sent and received", () => {
  it.effect("look on their own side alone, and say where it is instead", () =>
    Effect.gen(function*() {
      const { received, sent } = yield* MessageIndex
      const [both, theirs, ours] = [messageIdOf(1), messageIdOf(0xaaa), messageIdOf(0xbbb)]
      yield* arrived(both)
      yield* arrived(theirs)
      yield* accepted({ to: [bob], id: both })
      yield* accepted({ to: [bob], id: ours })

      assert.deepStrictEqual(yield* sent(both), { mesh, id: both })
      assert.strictEqual((yield* received(both)).sender, bob)
      assert.include((yield* Effect.flip(sent(theirs))).message, "it was received, not sent")
      assert.include((yield* Effect.flip(received(ours))).message, "it was sent from here")
      assert.include(
        (yield* Effect.flip(received(theirs, { senders: [cy] }))).message,
        "it was received from another"
      )
      assert.strictEqual((yield* Effect.flip(sent("ffffffff"))).code, "message_not_found")
    }).pipe(Effect.provide(daemon)))
})
