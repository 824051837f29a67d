import { type BrokerFrame, type Push, verifyAttach } from "@claudemesh/protocol"
import { layerSeededRandom, makeMesh, sealBetween, withOffer } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer, Queue, Ref } from "effect"
import { TestClock } from "effect/testing"
import { Meshes } from "../meshes/meshes.ts"
import { attachedTo, STORE } from "../testing/fake_broker.ts"
import { CHALLENGE, makeFakeWire } from "../testing/fake_wire.ts"
import { layerMadeDaemon, theMesh } from "../testing/made_daemon.ts"
import { identityOf, MADE_ORIGIN } from "../testing/made_identity.ts"
import { attach, serve } from "./attachment.ts"
import { LinkLost } from "./broker_transport.ts"
import { openConnection } from "./connection.ts"
import { makeMailboxMarks } from "./mailbox_marks.ts"

const made = makeMesh("attachment", ["ada", "bob"])
const mesh = made.membership.mesh
const ada = identityOf(made, "ada")
const daemon = Layer.provide(layerMadeDaemon(made, "ada"), layerSeededRandom("attachment"))

const attaching = Effect.gen(function*() {
  const fake = yield* makeFakeWire
  yield* fake.say(CHALLENGE)
  const connection = yield* openConnection(MADE_ORIGIN, fake.wire)
  yield* Effect.forkScoped(connection.run)
  yield* fake.next // a ping
  const attached = yield* Effect.forkScoped(attach(connection, yield* theMesh))
  return { ...fake, frame: yield* fake.next, attached }
})

describe("attach", () => {
  it.effect("says what is here already, signed for this very connection", () =>
    Effect.gen(function*() {
      const { commitRead, incarnation, setStore } = yield* Meshes
      yield* setStore(mesh, { storeEpoch: STORE, sseqFloor: 0 })
      yield* commitRead(mesh, 7, Effect.void)

      const { frame } = yield* attaching

      assert.strictEqual(frame.type, "attach")
      if (frame.type !== "attach") return
      const { sig, type: _, ...claim } = frame
      assert.deepStrictEqual(claim.have, {
        statements: made.statements.length,
        upto: 7,
        store_epoch: STORE
      })
      assert.strictEqual(claim.incarnation, incarnation)
      assert.isTrue(verifyAttach(claim, CHALLENGE, { sig, deviceKey: ada.record.key }))
    }).pipe(Effect.provide(daemon)))

  it.effect("names an entry that was read, so that a store which went back is noticed", () =>
    Effect.gen(function*() {
      const envelope = sealBetween(made, { from: "bob", to: ["ada"], text: "hello" })
      const { read } = yield* makeMailboxMarks
      const { commitRead } = yield* Meshes
      yield* commitRead(mesh, 7, read(mesh, [{ seq: 7, envelope }]))

      const { frame } = yield* attaching

      if (frame.type !== "attach") return assert.fail("It did not attach")
      assert.deepInclude(frame.have, { upto: 7, last: { seq: 7, id: envelope.header.id } })
    }).pipe(Effect.provide(daemon)))

  it.effect("knows the broker's clock by its answer, whatever becomes of ours", () =>
    Effect.gen(function*() {
      const { attached, frame, say } = yield* attaching
      const now = (made.statements[0]?.at ?? 0) + 5_000

      yield* Effect.forEach(attachedTo(frame, { now, epoch: 3 }), say)

      const { attachment } = yield* Fiber.join(attached)
      assert.deepInclude(attachment, { mesh, device: ada.deviceId, epoch: 3 })
      yield* TestClock.adjust("1 second")
      assert.strictEqual(yield* attachment.brokerTime, now + 1_000)
      yield* TestClock.setTime(0)
      assert.strictEqual(yield* attachment.brokerTime, now + 1_000)
    }).pipe(Effect.provide(daemon)))

  it.effect("fails as the broker refuses", () =>
    Effect.gen(function*() {
      const { attached, say } = yield* attaching

      yield* say({ type: "refused", mesh, code: "revoked_device", message: "You were revoked" })

      const refusal = yield* Effect.flip(Fiber.join(attached))
      assert.deepInclude(refusal, { code: "revoked_device", message: "You were revoked" })
    }).pipe(Effect.provide(daemon)))

  it.effect("gives up when no answer comes", () =>
    Effect.gen(function*() {
      const { attached } = yield* attaching

      yield* TestClock.adjust("10 seconds")

      assert.deepInclude(yield* Effect.flip(Fiber.join(attached)), { _tag: "LinkLost" })
    }).pipe(Effect.provide(daemon)))
})

describe("Attachment.catchUp", () => {
  it.effect("reads the log page by page to its end", () =>
    Effect.gen(function*() {
      const { find } = yield* Meshes
      const grown = withOffer(withOffer(made).mesh).mesh
      const { attached, frame, next, say } = yield* attaching
      yield* Effect.forEach(attachedTo(frame), say)
      const { attachment } = yield* Fiber.join(attached)

      const catching = yield* Effect.forkChild(attachment.catchUp)
      for (let page = 0; page < 2; page++) {
        const asked = yield* next
        assert.strictEqual(asked.type, "read_statements")
        if (asked.type !== "read_statements") return
        yield* say({
          type: "statements",
          ref: asked.ref,
          mesh,
          items: grown.statements.slice(asked.after, asked.after + 1),
          head: grown.statements.length
        })
      }
      yield* Fiber.join(catching)

      assert.deepStrictEqual((yield* find(mesh)).membership?.head, grown.membership.head)
    }).pipe(Effect.provide(daemon)))
})

describe("serve", () => {
  it.effect("takes neighbouring pushes together, and all else one by one, in order", () =>
    Effect.gen(function*() {
      const frames = yield* Queue.unbounded<BrokerFrame, LinkLost>()
      const seen = yield* Ref.make<ReadonlyArray<string>>([])
      function note(text: string) {
        return Ref.update(seen, (all) => [...all, text])
      }
      const presence = { type: "presence", mesh, items: [] } as const
      yield* Queue.offerAll(frames, [push(1), push(2), presence, presence, push(3)])
      yield* Queue.fail(frames, new LinkLost({ reason: "cut" }))

      const lost = yield* Effect.flip(serve(frames, {
        push: (pushes) => note(pushes.map(({ seq }) => seq).join("+")),
        other: ({ type }) => note(type)
      }))

      assert.deepInclude(lost, { reason: "cut" })
      assert.deepStrictEqual(yield* Ref.get(seen), ["1+2", "presence", "presence", "3"])
    }))
})

function push(seq: number): Push {
  return { type: "push", log: ada.deviceId, epoch: 1, seq, envelope: {} }
}
