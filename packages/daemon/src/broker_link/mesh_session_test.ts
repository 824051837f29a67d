import { type BrokerFrame, type Push, verifyPrekey } from "@claudemesh/protocol"
import {
  layerSeededRandom,
  makeMesh,
  memberOf,
  messageIdOf,
  prekeyOf,
  sealBetween,
  withOffer
} from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect, HashMap, Layer, Stream, SubscriptionRef } from "effect"
import { TestClock } from "effect/testing"
import { SqlClient } from "effect/sql"
import { HealthNotes } from "../health.ts"
import { Inbox } from "../inbox/inbox.ts"
import { LocalEvents } from "../local_api/events.ts"
import { Meshes } from "../meshes/meshes.ts"
import { Delivery } from "../outbox/delivery.ts"
import { Roster } from "../roster/roster.ts"
import { accepted, outgoing } from "../testing/accepted.ts"
import { eventually } from "../testing/eventually.ts"
import { attachedTo, FakeBroker } from "../testing/fake_broker.ts"
import { theMesh } from "../testing/made_daemon.ts"
import { identityOf } from "../testing/made_identity.ts"
import { layerMadeLinks } from "../testing/made_links.ts"
import { outboxStates } from "../testing/rows.ts"
import { LinkStates } from "./link_states.ts"
import { MeshSession } from "./mesh_session.ts"

const made = makeMesh("session", ["ada", "bob"])
const mesh = made.membership.mesh
const ada = identityOf(made, "ada")
const bob = memberOf(made, "bob").device
const daemon = layerMadeLinks(made, "ada", [prekeyOf(made, "bob")]).pipe(
  Layer.provide(layerSeededRandom("session"))
)

function letter(number: number) {
  const draft = { id: messageIdOf(number), to: [{ device: ada.deviceId, sseq: number }] }
  return sealBetween(made, { from: "bob", to: ["ada"], text: `${number}` }, { draft })
}

function push(seq: number, more: Partial<Push> = {}): Push {
  return { type: "push", log: ada.deviceId, epoch: 1, seq, envelope: letter(seq), ...more }
}

type PresenceItems = Extract<BrokerFrame, { readonly type: "presence" }>["items"]

const linkState = LinkStates.use(({ get }) => Effect.map(get(mesh), ({ state }) => state))

/** The wire of a mesh that is attached. */
const attached = Effect.gen(function*() {
  const { opened } = yield* FakeBroker
  const wire = yield* opened
  yield* eventually(linkState, (state) => state === "attached")
  return wire
})

const inboxed = Inbox.use(({ list }) =>
  Effect.map(list({ mesh, unread: false, limit: 100 }), (rows) => rows.map(({ text }) => text))
)

describe("MeshSession.run", () => {
  it.effect("is among the attachments while it lasts, and not after", () =>
    Effect.gen(function*() {
      const { attachments } = yield* MeshSession
      const isThere = Effect.map(SubscriptionRef.get(attachments), HashMap.has(mesh))
      const { cut } = yield* attached
      assert.isTrue(yield* isThere)

      yield* cut

      yield* eventually(isThere, (there) => !there)
    }).pipe(Effect.provide(daemon)))

  it.effect("publishes a signed prekey now and every hour", () =>
    Effect.gen(function*() {
      const { nextOf } = yield* FakeBroker

      const { prekey } = yield* nextOf("put_prekey")
      yield* TestClock.adjust("1 hour")
      yield* nextOf("put_prekey")

      assert.isTrue(verifyPrekey(prekey, ada.record.key))
    }).pipe(Effect.provide(daemon)))

  it.effect("publishes it again where somebody has sealed to one that we do not have", () =>
    Effect.gen(function*() {
      const { nextOf } = yield* FakeBroker
      const { say } = yield* attached
      yield* nextOf("put_prekey")
      yield* TestClock.adjust("1 second")
      const lost = { ...memberOf(made, "ada"), prekeyPair: memberOf(made, "bob").prekeyPair }
      const before = { ...made, members: new Map([...made.members, ["ada", lost]]) }
      const draft = { id: messageIdOf(1), to: [{ device: ada.deviceId, sseq: 1 }] }

      yield* say(
        push(1, {
          envelope: sealBetween(before, { from: "bob", to: ["ada"], text: "x" }, { draft })
        })
      )
      yield* eventually(theMesh, ({ upto }) => upto === 1)
      yield* TestClock.adjust("1 second")

      assert.isTrue(verifyPrekey((yield* nextOf("put_prekey")).prekey, ada.record.key))
    }).pipe(Effect.provide(daemon)))

  it.effect("sends what waits", () =>
    Effect.gen(function*() {
      const { nextOf } = yield* FakeBroker
      const { id } = yield* accepted({ to: [bob] })

      const { envelope } = yield* nextOf("send")

      assert.strictEqual(envelope.header.id, id)
      yield* eventually(outboxStates, (states) => states[0]?.[0] === "admitted")
    }).pipe(Effect.provide(daemon)))
})

describe("MeshSession, pushes", () => {
  it.effect("are acknowledged together, after they are stored", () =>
    Effect.gen(function*() {
      const { nextOf } = yield* FakeBroker
      const { say } = yield* attached

      yield* Effect.forEach([1, 2, 3], (seq) => say(push(seq)))

      yield* eventually(nextOf("ack"), ({ upto }) => upto === 3)
      assert.deepStrictEqual(yield* inboxed, ["1", "2", "3"])
      assert.strictEqual((yield* theMesh).upto, 3)
    }).pipe(Effect.provide(daemon)))

  it.effect("are not acknowledged before they are stored", () =>
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient
      const { follow, nextOf, opened } = yield* FakeBroker
      const { say, written } = yield* attached
      yield* sql`CREATE TRIGGER full BEFORE INSERT ON inbox
        BEGIN SELECT raise(ABORT, 'the disk is full'); END`
      yield* say(push(1))
      yield* eventually(linkState, (state) => state === "offline")
      assert.notInclude((yield* written).map(({ type }) => type), "ack")

      yield* sql`DROP TRIGGER full`
      yield* follow((frame) =>
        frame.type === "attach" ? attachedTo(frame, { epoch: 2 }) : undefined
      )
      yield* TestClock.adjust("30 seconds")
      yield* (yield* opened).say(push(1, { epoch: 2 }))

      assert.strictEqual((yield* nextOf("ack")).epoch, 2)
      assert.deepStrictEqual(yield* inboxed, ["1"])
    }).pipe(Effect.provide(daemon)))

  it.effect("of another epoch are neither stored nor acknowledged", () =>
    Effect.gen(function*() {
      const { nextOf } = yield* FakeBroker
      const { say } = yield* attached

      yield* say(push(1, { epoch: 9 }))
      yield* say(push(2))

      const { epoch, upto } = yield* nextOf("ack")
      assert.deepStrictEqual([epoch, upto], [1, 2])
      assert.deepStrictEqual(yield* inboxed, ["2"])
    }).pipe(Effect.provide(daemon)))

  it.effect("come in windows larger than a batch", () =>
    Effect.gen(function*() {
      const { nextOf } = yield* FakeBroker
      const { say } = yield* attached
      const count = 150

      yield* Effect.forEach(Array.from({ length: count }, (_, at) => at + 1), (seq) =>
        say(push(seq, { envelope: {} })))

      yield* eventually(nextOf("ack"), ({ upto }) =>
        upto === count)
    }).pipe(Effect.provide(daemon)))
})

describe("MeshSession, other frames", () => {
  it.effect("teach the membership log", () =>
    Effect.gen(function*() {
      const { find } = yield* Meshes
      const grown = withOffer(made).mesh
      const { say } = yield* attached

      yield* say({ type: "statements", mesh, items: grown.statements.slice(-1), head: 99 })

      yield* eventually(
        find(mesh),
        ({ membership }) => membership?.head.seq === grown.statements.length
      )
    }).pipe(Effect.provide(daemon)))

  it.effect("tell the roster and whoever watches who is there", () =>
    Effect.gen(function*() {
      const { peers } = yield* Roster
      const { watch } = yield* LocalEvents
      const { say } = yield* attached
      const told = yield* Effect.forkScoped(
        Stream.runHead(Stream.filter(watch, ({ type }) => type === "presence"))
      )
      yield* TestClock.adjust("1 millis")

      yield* say({
        type: "presence",
        mesh,
        items: [{ device: bob, state: "attached", since: 1 }]
      })

      const here = yield* theMesh
      yield* eventually(peers(here), (all) => all.some(({ state }) => state === "online"))
      yield* eventually(Effect.sync(() => told.pollUnsafe()), (exit) => exit !== undefined)
    }).pipe(Effect.provide(daemon)))

  it.effect("release what waits for the first prekey of a device that connects", () =>
    Effect.gen(function*() {
      const { follow } = yield* FakeBroker
      const { postpone } = yield* Delivery
      yield* follow((frame) =>
        frame.type === "get_prekeys"
          ? [{ type: "prekeys", ref: frame.ref, items: [] }]
          : undefined
      )
      const { say } = yield* attached
      const message = yield* accepted({ to: [bob], ttl: 7_200_000 })
      yield* eventually(outgoing(message.id), ({ tries }) => tries > 0)
      yield* postpone(message, { code: "no_prekey", delayMillis: 3_600_000 })
      yield* follow(() => undefined)

      const items: PresenceItems = [{ device: bob, state: "attached", since: 1 }]
      yield* say({ type: "presence", mesh, items })

      const aSecondLater = Effect.andThen(TestClock.adjust("1 second"), outgoing(message.id))
      yield* eventually(aSecondLater, ({ state }) => state === "admitted")
      assert.isBelow((yield* Clock.currentTimeMillis) - message.acceptedAt, 60_000)
    }).pipe(Effect.provide(daemon)))

  const notesOfCopies = HealthNotes.use(({ all }) =>
    Effect.map(all, (notes) => notes.filter((note) => note.includes("has connected with the keys")))
  )

  it.effect("end the session for good when they say that the device was revoked", () =>
    Effect.gen(function*() {
      const { connects } = yield* FakeBroker
      const { cut, say } = yield* attached

      yield* say({ type: "detached", mesh, code: "revoked_device" })
      yield* eventually(
        LinkStates.use(({ get }) => get(mesh)),
        ({ code, state }) => state === "refused" && code === "revoked_device"
      )
      assert.deepStrictEqual(yield* notesOfCopies, [])

      yield* cut
      yield* TestClock.adjust("5 minutes")
      assert.strictEqual(yield* linkState, "refused")
      assert.isAbove(yield* connects, 1)
    }).pipe(Effect.provide(daemon)))

  it.effect("end it for good when they say that it was replaced, the third time", () =>
    Effect.gen(function*() {
      const replace = Effect.gen(function*() {
        const { say } = yield* attached
        yield* say({ type: "detached", mesh, code: "replaced" })
        yield* eventually(linkState, (state) => state === "offline" || state === "refused")
      })
      yield* Effect.repeat(Effect.andThen(replace, TestClock.adjust("31 seconds")), { times: 1 })
      assert.deepStrictEqual(yield* notesOfCopies, [])

      yield* replace

      assert.strictEqual((yield* LinkStates.use(({ get }) => get(mesh))).code, "fenced")
      assert.lengthOf(yield* notesOfCopies, 1)
      yield* TestClock.adjust("5 minutes")
      assert.strictEqual(yield* linkState, "refused")
    }).pipe(Effect.provide(daemon)))
})
