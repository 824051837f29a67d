import {
  type Envelope,
  type MessageId,
  type Push,
  type Receipt,
  ReceiptsContent,
  refused,
  signReceipt
} from "@claudemesh/protocol"
import { toBase64Url } from "@claudemesh/protocol/crypto"
import {
  craftEnvelope,
  flipBase64Url,
  layerSeededRandom,
  MADE_AT,
  makeMesh,
  memberOf,
  messageIdOf,
  resigned,
  sealBetween,
  withJoined
} from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Layer, Option, Ref, Schema } from "effect"
import { SqlClient } from "effect/sql"
import { HealthNotes } from "../health.ts"
import { type LocalEventContent, LocalEvents } from "../local_api/events.ts"
import { Meshes } from "../meshes/meshes.ts"
import { Delivery } from "../outbox/delivery.ts"
import { Outbox } from "../outbox/outbox.ts"
import { attachmentOn, makeFakeConnection } from "../testing/fake_connection.ts"
import { layerMadeDaemon } from "../testing/made_daemon.ts"
import { identityOf } from "../testing/made_identity.ts"
import { dueRows } from "../testing/rows.ts"
import { Inbox } from "./inbox.ts"
import { Receiver } from "./receive.ts"

const made = makeMesh("receive", ["ada", "bob", "cy"])
const mesh = made.membership.mesh
const bob = identityOf(made, "bob")
const chance = layerSeededRandom("receive")
const daemon = Receiver.layer.pipe(
  Layer.provideMerge(layerMadeDaemon(made, "bob")),
  Layer.provide(chance)
)
const attachment = attachmentOn(makeFakeConnection(), bob)

/** A message from ada to bob; its number is its id, and its place in their stream. */
function letter(number: number, text = `${number}`): Envelope {
  return sealBetween(made, { from: "ada", to: ["bob"], text }, { draft: draft(number) })
}

function draft(number: number) {
  return { id: messageIdOf(number), to: [{ device: bob.deviceId, sseq: number }] }
}

/** What the broker pushes, numbered from one. */
function pushes(...envelopes: ReadonlyArray<unknown>): ReadonlyArray<Push> {
  return envelopes.map((envelope, at) => ({
    type: "push",
    log: bob.deviceId,
    epoch: 1,
    seq: at + 1,
    envelope
  }))
}

function receive(batch: ReadonlyArray<Push>, from = attachment) {
  return Receiver.use((receiver) => receiver.receive(from, batch))
}

const texts = Inbox.use(({ list }) =>
  Effect.map(
    list({ mesh, unread: false, limit: 100 }),
    (rows) => rows.map(({ text }) => text)
  )
)

const upto = Meshes.use(({ find }) => Effect.map(find(mesh), ({ upto }) => upto))

describe("Receiver.receive", () => {
  it.effect("stores what has come, in its order, and owes a receipt for each", () =>
    Effect.gen(function*() {
      yield* receive(pushes(letter(1), letter(2)))

      assert.deepStrictEqual(yield* texts, ["1", "2"])
      assert.strictEqual(yield* upto, 2)
      assert.deepStrictEqual(yield* dueRows, [
        { id: messageIdOf(1), stage: "inboxed", reason: null },
        { id: messageIdOf(2), stage: "inboxed", reason: null }
      ])
    }).pipe(Effect.provide(daemon)))

  it.effect("stores a message once, and owes the receipt again", () =>
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient
      const hello = letter(1)
      yield* receive(pushes(hello))
      yield* sql`DELETE FROM receipts_due`

      yield* receive(pushes(hello, hello))

      assert.deepStrictEqual(yield* texts, ["1"])
      assert.deepStrictEqual(yield* dueRows, [
        { id: messageIdOf(1), stage: "inboxed", reason: null }
      ])
    }).pipe(Effect.provide(daemon)))

  it.effect("skips what is no envelope, and what follows it arrives", () =>
    Effect.gen(function*() {
      yield* receive(pushes({ header: "no" }, null, letter(1)))

      assert.deepStrictEqual(yield* texts, ["1"])
      assert.strictEqual(yield* upto, 3)
      assert.lengthOf(yield* dueRows, 1)
    }).pipe(Effect.provide(daemon)))

  it.effect("tells watchers of each new message", () =>
    Effect.gen(function*() {
      const hello = letter(1)
      const seen = yield* Ref.make<ReadonlyArray<string>>([])
      function publish(event: LocalEventContent) {
        return event.type === "received"
          ? Ref.update(seen, (all) => [...all, `${event.message.from}: ${event.message.text}`])
          : Effect.void
      }

      yield* receive(pushes(hello, hello, letter(2))).pipe(
        Effect.provide(
          Layer.fresh(Receiver.layer).pipe(Layer.provide(Layer.mock(LocalEvents)({ publish })))
        )
      )

      assert.deepStrictEqual(yield* Ref.get(seen), ["ada: 1", "ada: 2"])
    }).pipe(Effect.provide(daemon)))
})

describe("Receiver.receive, a verdict for each that cannot be accepted", () => {
  const other = makeMesh("elsewhere", ["ada", "bob"])
  const id = messageIdOf(1)
  const sealed = letter(1)

  it.effect.each([
    {
      what: "a flipped bit in the body",
      envelope: { ...sealed, body: flipBase64Url(sealed.body, 999) },
      verdict: "bad_signature"
    },
    {
      what: "a forged signature",
      envelope: resigned(made, "cy", sealed),
      verdict: "bad_signature"
    },
    {
      what: "other words under a known id",
      envelope: sealBetween(made, { from: "ada", to: ["bob"], text: "other" }, {
        draft: { ...draft(2), id }
      }),
      verdict: "id_reused"
    },
    {
      what: "a commitment to other words",
      envelope: craftEnvelope(made, { from: "ada", to: ["bob"], text: "x" }, {
        header: { ...draft(1), commit: toBase64Url(new Uint8Array(32)) }
      }),
      verdict: "commit_mismatch"
    },
    {
      what: "bytes that are no message",
      envelope: craftEnvelope(made, { from: "ada", to: ["bob"], text: "x" }, {
        header: draft(1),
        bytes: new Uint8Array(256).fill(255)
      }),
      verdict: "malformed"
    }
  ])("answers $what", ({ envelope, verdict }) =>
    Effect.gen(function*() {
      const first = verdict === "id_reused" ? [letter(1)] : []

      yield* receive(pushes(...first, envelope))

      assert.strictEqual(yield* upto, first.length + 1)
      assert.lengthOf(yield* texts, first.length)
      assert.deepStrictEqual(
        (yield* dueRows).filter((due) => due["stage"] === "rejected"),
        [{ id, stage: "rejected", reason: verdict }]
      )
    }).pipe(Effect.provide(daemon)))

  it.effect("answers a message to an erased prekey with the wish to have it sealed again", () =>
    Effect.gen(function*() {
      const erased = { ...memberOf(made, "bob"), prekeyPair: memberOf(made, "cy").prekeyPair }
      const before = { ...made, members: new Map([...made.members, ["bob", erased]]) }

      yield* receive(
        pushes(sealBetween(before, { from: "ada", to: ["bob"], text: "x" }, { draft: draft(1) }))
      )

      assert.deepStrictEqual(yield* dueRows, [{ id, stage: "rejected", reason: "reseal" }])
    }).pipe(Effect.provide(daemon)))

  it.effect("notes a member that sees another membership log", () =>
    Effect.gen(function*() {
      const ahead = sealBetween(made, { from: "ada", to: ["bob"], text: "x" }, {
        draft: { ...draft(1), log_head: [99, "A".repeat(43)] }
      })

      yield* receive(pushes(ahead))

      assert.deepStrictEqual(yield* dueRows, [{ id, stage: "rejected", reason: "membership_fork" }])
      assert.lengthOf(yield* HealthNotes.use(({ all }) => all), 1)
    }).pipe(Effect.provide(daemon)))

  it.effect("says nothing to a mesh that is not ours", () =>
    Effect.gen(function*() {
      yield* receive(pushes(sealBetween(other, { from: "ada", to: ["bob"], text: "x" })))

      assert.strictEqual(yield* upto, 1)
      assert.lengthOf(yield* texts, 0)
    }).pipe(Effect.provide(daemon)))
})

describe("Receiver.receive, behind in the membership log", () => {
  it.effect("reads on before it opens what a newcomer sent", () =>
    Effect.gen(function*() {
      const { find, learn } = yield* Meshes
      const grown = withJoined(made, "dan")
      const hello = sealBetween(grown, { from: "dan", to: ["bob"], text: "hello" })
      const catchUp = Effect.asVoid(learn(mesh, grown.statements))

      yield* receive(pushes(hello), { ...attachment, catchUp })

      assert.deepStrictEqual(yield* texts, ["hello"])
      assert.strictEqual((yield* find(mesh)).membership?.head.seq, grown.statements.length)
    }).pipe(Effect.provide(daemon)))

  it.effect("acknowledges nothing when it cannot read on", () =>
    Effect.gen(function*() {
      const grown = withJoined(made, "dan")
      const hello = sealBetween(grown, { from: "dan", to: ["bob"], text: "hello" })
      const catchUp = Effect.fail(refused("overloaded", "Not now"))

      const refusal = yield* Effect.flip(receive(pushes(hello), { ...attachment, catchUp }))

      assert.strictEqual(refusal.message, "Not now")
      assert.strictEqual(yield* upto, 0)
      assert.lengthOf(yield* dueRows, 0)
    }).pipe(Effect.provide(daemon)))
})

describe("Receiver.receive, one commit", () => {
  it.effect("keeps nothing of a batch that cannot be stored", () =>
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient
      yield* sql`CREATE TRIGGER full BEFORE INSERT ON inbox WHEN NEW.text = '2'
        BEGIN SELECT raise(ABORT, 'the disk is full'); END`

      const exit = yield* Effect.exit(receive(pushes(letter(1), letter(2))))

      assert.isTrue(Exit.hasDies(exit))
      assert.lengthOf(yield* texts, 0)
      assert.lengthOf(yield* dueRows, 0)
      assert.strictEqual(yield* upto, 0)

      yield* sql`DROP TRIGGER full`
      yield* receive(pushes(letter(1), letter(2)))
      assert.deepStrictEqual(yield* texts, ["1", "2"])
    }).pipe(Effect.provide(daemon)))
})

describe("Receiver.receive, receipts", () => {
  it.effect("moves on what we have sent", () =>
    Effect.gen(function*() {
      const message = yield* sentToAda
      yield* receive(pushes(yield* receiptBy("ada", [{ message }])))

      assert.strictEqual(yield* stateOf(message.id), "inboxed")
      assert.lengthOf(yield* dueRows, 0)
    }).pipe(Effect.provide(daemon)))

  it.effect("believes only the device whose message it is, about the words it was sent", () =>
    Effect.gen(function*() {
      const message = yield* sentToAda
      const forged = yield* receiptBy("ada", [{ message, signer: "cy" }])
      const stranger = yield* receiptBy("cy", [{ message }])
      const otherWords = yield* receiptBy("ada", [{ message, commit: "A".repeat(43) }])

      yield* receive(pushes(forged, stranger, otherWords))

      assert.strictEqual(yield* stateOf(message.id), "admitted")
      assert.strictEqual(yield* upto, 3)
    }).pipe(Effect.provide(daemon)))

  it.effect("skips content that is no list of receipts", () =>
    Effect.gen(function*() {
      yield* receive(pushes(receiptEnvelope("ada", "{\"receipts\":7}")))

      assert.strictEqual(yield* upto, 1)
    }).pipe(Effect.provide(daemon)))
})

/** A message of ours that the broker has. */
const sentToAda = Effect.gen(function*() {
  const { accept, find, pending } = yield* Outbox
  const delivery = yield* Delivery
  const ada = memberOf(made, "ada").device
  const id = yield* accept({
    mesh,
    class: "dm",
    to: [{ device: ada }],
    addressed: "ada",
    meta: { priority: "next" },
    content: new Uint8Array([1]),
    ttl: 60_000
  })
  yield* delivery.admitted(
    yield* delivery.begin(yield* pending(mesh, { after: 0, limit: 10 }))
  )
  return Option.getOrThrow(yield* find({ mesh, id }))
})

function stateOf(id: MessageId) {
  return Outbox.use(({ recipients }) =>
    Effect.map(recipients(mesh, id), ([recipient]) => recipient?.state)
  )
}

interface Claim {
  readonly message: { readonly id: MessageId; readonly commitment: string }
  readonly commit?: string
  readonly signer?: string
}

/** Receipts in an envelope of that member. */
const receiptBy = Effect.fnUntraced(function*(name: string, claims: ReadonlyArray<Claim>) {
  const receipts = claims.map(({ commit, message, signer = name }): Receipt => {
    const unsigned = {
      id: message.id,
      commit: commit ?? message.commitment,
      stage: "inboxed",
      at: MADE_AT
    } as const
    const parties = { mesh, sender: bob.deviceId, recipient: memberOf(made, name).device }
    return signReceipt(unsigned, parties, memberOf(made, signer).deviceKey)
  })
  return receiptEnvelope(name, yield* Schema.encodeEffect(ReceiptsContent)({ receipts }))
})

function receiptEnvelope(from: string, text: string): Envelope {
  return sealBetween(made, { from, to: ["bob"], text }, {
    draft: { class: "receipt", id: messageIdOf(1_000) }
  })
}
