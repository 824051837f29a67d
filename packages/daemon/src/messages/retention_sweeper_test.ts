import { openEnvelope } from "@claudemesh/protocol"
import {
  layerSeededRandom,
  makeMesh,
  memberOf,
  messageIdOf,
  openContextOf,
  sealBetween
} from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect, HashMap, Layer, Result, SubscriptionRef } from "effect"
import { TestClock } from "effect/testing"
import { SqlClient } from "effect/sql"
import type { Attachment } from "../broker_link/attachment.ts"
import { MeshSession } from "../broker_link/mesh_session.ts"
import { Inbox } from "../inbox/inbox.ts"
import { accepted } from "../testing/accepted.ts"
import { attachmentOn, makeFakeConnection } from "../testing/fake_connection.ts"
import { layerMadeDaemon } from "../testing/made_daemon.ts"
import { identityOf } from "../testing/made_identity.ts"
import { outboxStates } from "../testing/rows.ts"
import { admitAll, sign } from "../testing/under_way.ts"
import * as RetentionSweeper from "./retention_sweeper.ts"

const made = makeMesh("retention", ["ada", "bob"])
const mesh = made.membership.mesh
const ada = identityOf(made, "ada")
const bob = memberOf(made, "bob").device
const daemon = Layer.provide(layerMadeDaemon(made, "ada"), layerSeededRandom("retention"))

/** Sweeps while the mesh is attached to a broker with that clock. */
function sweeping(brokerTime: Attachment["brokerTime"] = Clock.currentTimeMillis) {
  const attachment = { ...attachmentOn(makeFakeConnection(), ada), brokerTime }
  const attachments = SubscriptionRef.make(HashMap.make([mesh, attachment]))
  const session = Layer.effect(
    MeshSession,
    Effect.map(attachments, (attachments) => ({ attachments, run: () => Effect.never }))
  )
  return Layer.build(Layer.provide(RetentionSweeper.layer, session))
}

const arrived = Effect.fnUntraced(function*(number: number) {
  const envelope = sealBetween(made, { from: "bob", to: ["ada"], text: `${number}` }, {
    draft: { id: messageIdOf(number), to: [{ device: ada.deviceId, sseq: number }] }
  })
  const { put } = yield* Inbox
  yield* put(Result.getOrThrow(openEnvelope(envelope, openContextOf(made, "ada"))), `${number}`)
})

/** Of two messages sent one is signed for, of two received one is read. */
const history = Effect.gen(function*() {
  const signed = yield* accepted({ to: [bob] })
  yield* accepted({ to: [bob] })
  yield* admitAll
  yield* sign(signed, "inboxed")
  yield* Effect.forEach([1, 2], arrived)
  yield* Inbox.use(({ read }) => read([{ mesh, sender: bob, id: messageIdOf(1) }]))
})

const textsLeft = Inbox.use(({ list }) =>
  Effect.map(
    list({ mesh, unread: false, limit: 10 }),
    (rows) => rows.map(({ text }) => text)
  )
)

describe("RetentionSweeper", () => {
  it.effect("removes after months what was read and what was signed for, and nothing else", () =>
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient
      yield* history
      yield* sweeping()
      yield* TestClock.adjust("90 days")
      assert.lengthOf(yield* textsLeft, 2)

      yield* TestClock.adjust("2 hours")

      assert.deepStrictEqual(yield* textsLeft, ["2"])
      assert.deepStrictEqual(yield* outboxStates, [["admitted", 0]])
      assert.lengthOf(yield* sql`SELECT DISTINCT id FROM outbox_steps`, 1)
    }).pipe(Effect.scoped, Effect.provide(daemon)))

  it.effect("never stores again what it has removed", () =>
    Effect.gen(function*() {
      yield* history
      yield* sweeping()
      yield* TestClock.adjust("91 days")

      yield* arrived(1)

      assert.deepStrictEqual(yield* textsLeft, ["2"])
    }).pipe(Effect.scoped, Effect.provide(daemon)))

  it.effect("removes nothing where our clock or the broker's has jumped ahead", () =>
    Effect.gen(function*() {
      const now = yield* Clock.currentTimeMillis
      yield* history
      yield* sweeping(Effect.succeed(now))
      yield* TestClock.adjust("365 days")
      assert.lengthOf(yield* textsLeft, 2)

      yield* TestClock.setTime(now)
      yield* sweeping(Effect.succeed(now + 3e11))
      yield* TestClock.adjust("2 hours")

      assert.lengthOf(yield* textsLeft, 2)
      assert.lengthOf(yield* outboxStates, 2)
    }).pipe(Effect.scoped, Effect.provide(daemon)))
})
