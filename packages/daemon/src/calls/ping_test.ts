import {
  type BrokerFrame,
  type DeviceFrame,
  type ErrorCode,
  type MessageId,
  signReceipt
} from "@claudemesh/protocol"
import {
  layerSeededRandom,
  MADE_AT,
  makeMesh,
  memberOf,
  messageIdOf,
  prekeyOf,
  sealBetween
} from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer } from "effect"
import { TestClock } from "effect/testing"
import { SqlClient } from "effect/sql"
import { LinkStates } from "../broker_link/link_states.ts"
import { Roster } from "../roster/roster.ts"
import { eventually } from "../testing/eventually.ts"
import { FakeBroker, refusesAttach, type Script } from "../testing/fake_broker.ts"
import { theMesh } from "../testing/made_daemon.ts"
import { identityOf } from "../testing/made_identity.ts"
import { layerMadeLinks } from "../testing/made_links.ts"
import { Ping } from "./ping.ts"

const made = makeMesh("ping", ["ada", "bob", "cy"])
const mesh = made.membership.mesh
const ada = identityOf(made, "ada")
const bob = memberOf(made, "bob").device
const daemon = Ping.layer.pipe(
  Layer.provideMerge(layerMadeLinks(made, "ada", [prekeyOf(made, "bob")])),
  Layer.provide(layerSeededRandom("ping"))
)

const attached = eventually(
  LinkStates.use(({ get }) => get(mesh)),
  ({ state }) => state === "attached"
)

/** Pings that peer, until it is over. */
const pinged = Effect.fnUntraced(function*(to: string, timeoutMillis?: number) {
  const { ping } = yield* Ping
  const [report] = yield* ping(yield* theMesh, to, timeoutMillis)
  return report
})

/** Pings bob, whose answer does not come: time passes once the broker has the call. */
const pingedInVain = Effect.fnUntraced(function*(timeoutMillis: number) {
  const { nextOf } = yield* FakeBroker
  const pinging = yield* Effect.forkChild(pinged("bob", timeoutMillis))
  yield* nextOf("send")
  yield* TestClock.adjust("1 millis")
  yield* TestClock.adjust(timeoutMillis)
  return yield* Fiber.join(pinging)
})

function legsOf(report: Effect.Success<ReturnType<typeof pinged>>) {
  return report?.legs.map(({ leg }) => leg)
}

/** What bob's daemon says, as a push. */
function fromBob(kind: "rpc" | "receipt", text: string): BrokerFrame {
  const draft = { class: kind, id: messageIdOf(77), to: [{ device: ada.deviceId, sseq: 1 }] }
  const envelope = sealBetween(made, { from: "bob", to: ["ada"], text }, { draft })
  return { type: "push", log: ada.deviceId, epoch: 1, seq: 1, envelope }
}

/** A broker that admits what it is sent, and pushes what follows of it. */
function follows(
  next: (sent: Extract<DeviceFrame, { readonly type: "send" }>) => ReadonlyArray<BrokerFrame>
): Script {
  return (frame) =>
    frame.type === "send"
      ? [{ type: "admitted", ref: frame.ref, id: frame.envelope.header.id }, ...next(frame)]
      : undefined
}

/** Bob's verdict on a message. */
function verdict(id: MessageId, commit: string, reason: ErrorCode) {
  const unsigned = { id, commit, stage: "rejected", reason, at: MADE_AT } as const
  const parties = { mesh, sender: ada.deviceId, recipient: bob }
  return JSON.stringify({
    receipts: [signReceipt(unsigned, parties, memberOf(made, "bob").deviceKey)]
  })
}

describe("Ping.ping", () => {
  it.effect("goes through every leg to a peer that answers, and leaves nothing behind", () =>
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient
      const { follow } = yield* FakeBroker
      yield* attached
      yield* follow(follows(({ envelope: { header } }) => [
        fromBob("rpc", JSON.stringify({ answers: header.id }))
      ]))

      const report = yield* pinged("bob")

      assert.deepStrictEqual(legsOf(report), ["broker", "admitted", "answered"])
      assert.isUndefined(report?.failure)
      assert.strictEqual(report?.name, "bob")
      assert.deepStrictEqual(yield* sql`SELECT id FROM outbox UNION SELECT id FROM inbox`, [])
    }).pipe(Effect.provide(daemon)))

  it.effect("says how far it got, and since when the peer is away", () =>
    Effect.gen(function*() {
      const roster = yield* Roster
      yield* attached
      yield* roster.seen(mesh, [{ device: bob, state: "gone", since: 5 }])

      const report = yield* pingedInVain(700)

      assert.deepStrictEqual(legsOf(report), ["broker", "admitted"])
      assert.deepStrictEqual([report?.state, report?.since], ["gone", 5])
      assert.deepStrictEqual(report?.failure, {
        code: "timed_out",
        message: "No answer within 700 ms"
      })
    }).pipe(Effect.provide(daemon)))

  it.effect("does not wait for a peer that has never been there", () =>
    Effect.gen(function*() {
      yield* attached

      const report = yield* pinged("cy")

      assert.deepStrictEqual(legsOf(report), ["broker"])
      assert.strictEqual(report?.failure?.code, "no_prekey")
    }).pipe(Effect.provide(daemon)))

  it.effect("says which side is too old for it", () =>
    Effect.gen(function*() {
      const { follow } = yield* FakeBroker
      yield* attached
      yield* follow(follows(({ envelope: { header } }) => [
        fromBob("receipt", verdict(header.id, header.commit, "unsupported"))
      ]))
      const peer = yield* pinged("bob")
      yield* follow((frame) =>
        frame.type === "send"
          ? [{ type: "unsupported", ref: frame.ref, message: "No", versions: [1] }]
          : undefined
      )
      const broker = yield* pinged("bob")

      assert.deepStrictEqual([peer?.failure?.code, broker?.failure?.code], [
        "unsupported",
        "unsupported"
      ])
      assert.include(peer?.failure?.message, "Its daemon is older")
      assert.include(broker?.failure?.message, "The broker is older")
    }).pipe(Effect.provide(daemon)))

  it.effect("believes no verdict on other words", () =>
    Effect.gen(function*() {
      const { follow } = yield* FakeBroker
      yield* attached
      yield* follow(follows(({ envelope: { header } }) => [
        fromBob("receipt", verdict(header.id, "A".repeat(43), "unsupported"))
      ]))

      assert.strictEqual((yield* pingedInVain(5_000))?.failure?.code, "timed_out")
    }).pipe(Effect.provide(daemon)))

  it.effect("gets nowhere while the broker cannot be reached, and says so", () =>
    Effect.gen(function*() {
      const { follow, opened } = yield* FakeBroker
      yield* attached
      yield* follow(refusesAttach("overloaded"))
      yield* (yield* opened).cut
      yield* eventually(LinkStates.use(({ get }) => get(mesh)), ({ state }) => state === "offline")

      const pinging = yield* Effect.forkChild(pinged("bob"))
      yield* TestClock.adjust("5 seconds")
      const report = yield* Fiber.join(pinging)

      assert.deepStrictEqual(legsOf(report), [])
      assert.include(report?.failure?.message, "Cannot reach mesh")
    }).pipe(Effect.provide(daemon)))

  it.effect("refuses a name that nobody has", () =>
    Effect.gen(function*() {
      const { ping } = yield* Ping

      const refusal = yield* Effect.flip(ping(yield* theMesh, "zoe"))

      assert.strictEqual(refusal.code, "unknown_name")
    }).pipe(Effect.provide(daemon)))
})
