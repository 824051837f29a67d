import { closeCodes, type DeviceId, type Envelope, limits } from "@claudemesh/protocol"
import {
  layerSeededRandom,
  MADE_AT,
  makeMesh,
  memberOf,
  messageIdOf,
  sealBetween,
  statementBy
} from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect } from "effect"
import { TestClock } from "effect/testing"
import { worldOf } from "../gateway/testing/mesh_world.ts"
import { say, sendFrame } from "../gateway/testing/test_device.ts"
import { Meshes } from "../membership/meshes.ts"

const mesh = makeMesh("letters", ["ada", "bob", "cyd"])
const world = worldOf(mesh, { at: MADE_AT, random: layerSeededRandom("letters") })
const bob = memberOf(mesh, "bob").device

function letter(number: number, draft: Partial<Envelope["header"]> = {}): Envelope {
  const header = { id: messageIdOf(number), to: [{ device: bob, sseq: number }], ...draft }
  return sealBetween(mesh, { from: "ada", to: ["bob"], text: `${number}` }, { draft: header })
}

/** A letter with another header; the broker does not check its signature. */
function relabelled(number: number, header: Partial<Envelope["header"]>): Envelope {
  const envelope = letter(number)
  return { ...envelope, header: { ...envelope.header, ...header } }
}

type Attached = Effect.Success<ReturnType<typeof world.attach>>

function ackOf({ attached }: Attached, upto: number, log: DeviceId = bob) {
  return { type: "ack", log, epoch: attached.epoch, upto } as const
}

function refusedCode({ inbox }: Attached) {
  return Effect.map(inbox.next("refused"), ({ code }) => code)
}

describe("send", () => {
  it.effect("pushes to each addressed device that is attached, and answers the sender", () =>
    Effect.gen(function*() {
      const ada = yield* world.attach("ada")
      const [one, two] = [yield* world.attach("bob"), yield* world.attach("cyd")]
      const envelope = sealBetween(mesh, { from: "ada", to: ["bob", "cyd"], text: "both" })
      yield* say(ada, sendFrame(envelope, 5))

      assert.deepStrictEqual((yield* one.inbox.next("push")).envelope, envelope)
      assert.deepStrictEqual((yield* two.inbox.next("push")).envelope, envelope)
      assert.strictEqual((yield* ada.inbox.next("admitted")).ref, 5)
    }).pipe(Effect.provide(world.layer)))

  it.effect("answers a repeated send like the first, and pushes it once", () =>
    Effect.gen(function*() {
      const ada = yield* world.attach("ada")
      const receiver = yield* world.attach("bob")
      const first = letter(1)
      for (const ref of [1, 2, 3]) {
        yield* say(ada, sendFrame(first, ref))
        assert.strictEqual((yield* ada.inbox.next("admitted")).ref, ref)
      }
      yield* say(ada, sendFrame(letter(2), 4))
      yield* ada.inbox.next("admitted")
      yield* receiver.inbox.next("push")
      assert.strictEqual((yield* receiver.inbox.next("push")).seq, 2)
    }).pipe(Effect.provide(world.layer)))

  it.effect("refuses an id that was used for other content", () =>
    Effect.gen(function*() {
      const ada = yield* world.attach("ada")
      yield* say(ada, sendFrame(letter(1)))
      yield* ada.inbox.next("admitted")
      yield* say(ada, sendFrame(relabelled(1, { commit: letter(2).header.commit })))
      const { code, id } = yield* ada.inbox.next("refused")
      assert.deepStrictEqual([code, id], ["id_reused", messageIdOf(1)])
    }).pipe(Effect.provide(world.layer)))

  it.effect("keeps the order of one sender", () =>
    Effect.gen(function*() {
      const ada = yield* world.attach("ada")
      const receiver = yield* world.attach("bob")
      const letters = Array.from({ length: 40 }, (_, at) => letter(at + 1))
      for (const [ref, envelope] of letters.entries()) yield* say(ada, sendFrame(envelope, ref))
      for (const [at, sent] of letters.entries()) {
        const { envelope, seq } = yield* receiver.inbox.next("push")
        assert.strictEqual(seq, at + 1)
        assert.deepStrictEqual(envelope, sent)
      }
    }).pipe(Effect.provide(world.layer)))

  it.effect("refuses one of a batch and admits the others", () =>
    Effect.gen(function*() {
      const ada = yield* world.attach("ada")
      const nobody = memberOf(makeMesh("elsewhere", ["eve"]), "eve").device
      const lost = letter(2)
      const wraps = lost.wraps.map((wrap) => ({ ...wrap, device: nobody }))
      const toNobody = {
        ...lost,
        wraps,
        header: { ...lost.header, to: [{ device: nobody, sseq: 1 }] }
      }
      yield* say(ada, sendFrame(letter(1), 1))
      yield* say(ada, sendFrame(toNobody, 2))
      yield* say(ada, sendFrame(letter(3), 3))

      assert.strictEqual(yield* refusedCode(ada), "unknown_recipient")
      yield* ada.inbox.next("admitted")
      assert.strictEqual((yield* ada.inbox.next("admitted")).ref, 3)
    }).pipe(Effect.provide(world.layer)))

  it.effect("refuses a sender that is not attached here, and addressees out of order", () =>
    Effect.gen(function*() {
      const receiver = yield* world.attach("bob")
      yield* say(receiver, sendFrame(letter(1)))
      assert.strictEqual(yield* refusedCode(receiver), "not_permitted")

      const ada = yield* world.attach("ada")
      const twice = { device: bob, sseq: 1 }
      yield* say(ada, sendFrame(relabelled(1, { to: [twice, twice] })))
      assert.strictEqual(yield* refusedCode(ada), "malformed")
    }).pipe(Effect.provide(world.layer)))

  it.effect("admits nothing of a device after its revocation", () =>
    Effect.gen(function*() {
      const ada = yield* world.attach("ada")
      const receiver = yield* world.attach("bob")
      const revoke = statementBy(mesh, "ada", { kind: "device_revoke", body: { device: bob } })
      yield* Meshes.use((meshes) => meshes.append(revoke))

      assert.strictEqual((yield* receiver.inbox.next("statements")).items[0]?.seq, revoke.seq)
      assert.strictEqual((yield* receiver.inbox.next("detached")).code, "revoked_device")
      const closing = yield* Deferred.await(receiver.inbox.closing)
      assert.strictEqual(closing.code, closeCodes.revoked)
      yield* say(ada, sendFrame(letter(1)))
      assert.strictEqual(yield* refusedCode(ada), "unknown_recipient")
    }).pipe(Effect.provide(world.layer)))

  it.effect("lets a device write to itself", () =>
    Effect.gen(function*() {
      const ada = yield* world.attach("ada")
      yield* say(ada, sendFrame(sealBetween(mesh, { from: "ada", to: ["ada"], text: "note" })))
      assert.strictEqual((yield* ada.inbox.next("push")).seq, 1)
    }).pipe(Effect.provide(world.layer)))

  it.effect("does not push what has expired, and gives its number to nothing else", () =>
    Effect.gen(function*() {
      const ada = yield* world.attach("ada")
      yield* say(ada, sendFrame(letter(1, { ttl: 1_000 })))
      yield* ada.inbox.next("admitted")
      yield* TestClock.adjust("2 seconds")
      yield* say(ada, sendFrame(letter(2)))
      yield* ada.inbox.next("admitted")
      const receiver = yield* world.attach("bob")
      assert.strictEqual((yield* receiver.inbox.next("push")).seq, 2)
    }).pipe(Effect.provide(world.layer)))
})

describe("ack", () => {
  const many = limits.windowEntriesMax + 10

  const sendMany = Effect.gen(function*() {
    const ada = yield* world.attach("ada")
    for (let number = 1; number <= many; number++) {
      yield* say(ada, sendFrame(letter(number), number))
    }
    for (let number = 1; number <= many; number++) yield* ada.inbox.next("admitted")
    return ada
  })

  it.effect("opens the window again", () =>
    Effect.gen(function*() {
      const receiver = yield* world.attach("bob")
      yield* sendMany
      assert.strictEqual(receiver.inbox.count("push"), limits.windowEntriesMax)

      yield* say(receiver, ackOf(receiver, 10))

      for (let seq = 1; seq <= many; seq++) {
        assert.strictEqual((yield* receiver.inbox.next("push")).seq, seq)
      }
    }).pipe(Effect.provide(world.layer)))

  it.effect("lets a device that comes back read on from the store", () =>
    Effect.gen(function*() {
      yield* sendMany
      const receiver = yield* world.attach("bob")
      for (let seq = 1; seq <= limits.windowEntriesMax; seq++) yield* receiver.inbox.next("push")
      yield* say(receiver, ackOf(receiver, limits.windowEntriesMax))
      for (let seq = limits.windowEntriesMax + 1; seq <= many; seq++) {
        assert.strictEqual((yield* receiver.inbox.next("push")).seq, seq)
      }
    }).pipe(Effect.provide(world.layer)))

  it.effect("refuses what was not pushed, another's log and a number beyond the end; then closes", () =>
    Effect.gen(function*() {
      const receiver = yield* world.attach("bob")
      yield* say(receiver, ackOf(receiver, 1))
      yield* say(receiver, ackOf(receiver, 0, memberOf(mesh, "ada").device))
      yield* say(receiver, ackOf(receiver, Number.MAX_SAFE_INTEGER))
      for (let time = 0; time < 3; time++) {
        assert.strictEqual(yield* refusedCode(receiver), "bad_ack")
      }
      const closing = yield* Deferred.await(receiver.inbox.closing)
      assert.strictEqual(closing.code, closeCodes.policy)
    }).pipe(Effect.provide(world.layer)))

  it.effect("fences an epoch that has ended", () =>
    Effect.gen(function*() {
      const receiver = yield* world.attach("bob")
      const { epoch } = receiver.attached
      yield* say(receiver, { type: "ack", log: bob, epoch: epoch + 1, upto: 0 })
      assert.strictEqual(yield* refusedCode(receiver), "fenced")
    }).pipe(Effect.provide(world.layer)))

  it.effect("ignores a number lower than before", () =>
    Effect.gen(function*() {
      const receiver = yield* world.attach("bob")
      yield* sendMany
      yield* say(receiver, ackOf(receiver, limits.windowEntriesMax))
      yield* say(receiver, ackOf(receiver, 1))
      yield* say(receiver, { type: "ping", t: 1 })
      yield* receiver.inbox.next("pong")
      assert.strictEqual(receiver.inbox.count("refused"), 0)
    }).pipe(Effect.provide(world.layer)))
})
