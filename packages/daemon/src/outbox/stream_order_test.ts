/**
 * Two daemons on a broker that refuses, repeats and loses what it likes, and a recipient that cannot open what it
 * likes: whatever happens, what arrives is in order, once, and nothing is missing in silence.
 */
import { type Envelope, type MessageId, type Receipt, refused } from "@claudemesh/protocol"
import { makeMesh, memberOf, prekeyOf, seededDraw } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { SqlClient } from "effect/sql"
import { Inbox } from "../inbox/inbox.ts"
import { Receiver } from "../inbox/receive.ts"
import { accepted } from "../testing/accepted.ts"
import { drainOn, layerDraining } from "../testing/draining.ts"
import {
  attachmentOn,
  type FakeAnswers,
  type FakeRequest,
  makeFakeConnection
} from "../testing/fake_connection.ts"
import { identityOf } from "../testing/made_identity.ts"
import { layerReceiving, unopenable } from "../testing/receiving.ts"
import { Delivery } from "./delivery.ts"

const made = makeMesh("stream-order", ["ada", "bob"])
const mesh = made.membership.mesh
const bob = identityOf(made, "bob")
const MESSAGES = 25
const ROUNDS = 120

/** A broker in memory, that keeps the order in which it admits. */
function makeBroker(draw: (bound: number) => number) {
  const log: Array<Envelope> = []
  const known = new Set<string>()
  let isCalm = false
  function answers(request: FakeRequest): ReturnType<FakeAnswers> {
    if (request.type !== "send") return undefined
    const { attempt, id } = request.envelope.header
    const chance = isCalm ? 9 : draw(10)
    if (chance === 0) return Effect.fail(refused("rate_limited", "Not now"))
    if (chance === 1 && !known.has(id)) return Effect.fail(refused("too_large", "Never"))
    if (!known.has(`${id} ${attempt}`)) log.push(request.envelope)
    known.add(id).add(`${id} ${attempt}`)
    return undefined
  }
  return { log, answers, calm: () => void (isCalm = true) }
}

interface DueRow extends Omit<Receipt, "commit" | "sig"> {
  readonly commitment: string
}

function receiptOf({ at, commitment: commit, id, reason, stage }: DueRow): Receipt {
  const receipt = { id, commit, stage, at, sig: "" }
  return reason == null ? receipt : { ...receipt, reason }
}

/** What bob's daemon owes ada's, once. */
const dueReceipts = SqlClient.SqlClient.use((sql) =>
  Effect.gen(function*() {
    const rows = yield* sql<DueRow>`
      SELECT id, commitment, stage, reason, at FROM receipts_due ORDER BY at, id`
    yield* sql`DELETE FROM receipts_due`
    return rows.map(receiptOf)
  })
)

describe("a stream", () => {
  it.effect.each([0, 1, 2, 3])(
    "keeps its order and loses nothing in silence, seed %i",
    (seed) =>
      Effect.gen(function*() {
        const draw = seededDraw(`stream-order ${seed}`)
        const broker = makeBroker(draw)
        const ada = yield* Layer.build(Layer.fresh(layerDraining(made, "ada")))
        const bobs = yield* Layer.build(Layer.fresh(layerReceiving(made, "bob", `bob ${seed}`)))
        yield* Effect.provideContext(drainOn([prekeyOf(made, "bob")], broker.answers), ada)

        let read = 0
        const receive = Effect.fnUntraced(function*() {
          const envelope = broker.log[read]
          if (envelope === undefined) return
          read++
          const hurt = read < ROUNDS && draw(5) === 0 ? unopenable(made, "ada", envelope) : envelope
          const { receive } = yield* Receiver
          yield* receive(attachmentOn(makeFakeConnection(), bob), [
            { type: "push", log: bob.deviceId, epoch: 1, seq: read, envelope: hurt }
          ])
        })
        const tell = Effect.fnUntraced(function*() {
          const receipts = yield* Effect.provideContext(dueReceipts, bobs)
          const { applyReceipt } = yield* Delivery
          yield* Effect.forEach(receipts, (one) => applyReceipt(mesh, bob.deviceId, one))
        })

        const ids: Array<MessageId> = []
        for (let round = 0; round < 4 * ROUNDS; round++) {
          if (round === ROUNDS) broker.calm()
          if (ids.length < MESSAGES && draw(3) === 0) {
            const to = [memberOf(made, "bob").device]
            const { id } = yield* Effect.provideContext(
              accepted({ to, text: `${ids.length}`, ttl: 86_400_000 }),
              ada
            )
            ids.push(id)
          }
          for (let pushed = 0; pushed < 4; pushed++) yield* Effect.provideContext(receive(), bobs)
          if (draw(3) === 0) yield* Effect.provideContext(tell(), ada)
          yield* TestClock.adjust(draw(2_000))
        }

        const ends = yield* Effect.provideContext(
          SqlClient.SqlClient.use((sql) =>
            sql<{ readonly id: MessageId; readonly state: string }>`
              SELECT id, state FROM outbox WHERE class = 'dm' ORDER BY position`
          ),
          ada
        )
        const inboxed = yield* Effect.provideContext(
          Inbox.use(({ list }) => list({ mesh, unread: false, limit: 1_000 })),
          bobs
        )
        const delivered = ends.filter(({ state }) => state === "delivered").map(({ id }) => id)
        assert.deepStrictEqual(inboxed.map(({ id }) => id), delivered)
        assert.deepStrictEqual(
          [...new Set(ends.map(({ state }) => state))].toSorted(),
          ends.length === delivered.length ? ["delivered"] : ["dead", "delivered"]
        )
        const last = ends.findLastIndex(({ state }) => state === "delivered")
        const deadBefore = ends.slice(0, last + 1).filter(({ state }) => state === "dead")
        assert.strictEqual(
          inboxed.reduce((sum, { missingBefore }) => sum + missingBefore, 0),
          deadBefore.length
        )
      })
  )
})
