import {
  type Envelope,
  type MessageId,
  type Push,
  type Receipt,
  ReceiptsContent,
  signReceipt
} from "@claudemesh/protocol"
import {
  layerSeededRandom,
  MADE_AT,
  makeMesh,
  memberOf,
  messageIdOf,
  sealBetween
} from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Option, Schema } from "effect"
import { Meshes } from "../meshes/meshes.ts"
import { Delivery } from "../outbox/delivery.ts"
import { Outbox } from "../outbox/outbox.ts"
import { attachmentOn, makeFakeConnection } from "../testing/fake_connection.ts"
import { layerMadeDaemon } from "../testing/made_daemon.ts"
import { identityOf } from "../testing/made_identity.ts"
import { dueRows } from "../testing/rows.ts"
import { Receiver } from "./receive.ts"

const made = makeMesh("receive-receipts", ["ada", "bob", "cy"])
const mesh = made.membership.mesh
const bob = identityOf(made, "bob")
const daemon = Receiver.layer.pipe(
  Layer.provideMerge(layerMadeDaemon(made, "bob")),
  Layer.provide(layerSeededRandom("receive-receipts"))
)

function receive(...envelopes: ReadonlyArray<Envelope>) {
  const pushes = envelopes.map((envelope, at): Push => ({
    type: "push",
    log: bob.deviceId,
    epoch: 1,
    seq: at + 1,
    envelope
  }))
  const attachment = attachmentOn(makeFakeConnection(), bob)
  return Receiver.use((receiver) => receiver.receive(attachment, pushes))
}

const upto = Meshes.use(({ find }) => Effect.map(find(mesh), ({ upto }) => upto))

describe("Receiver.receive, receipts", () => {
  it.effect("moves on what we have sent", () =>
    Effect.gen(function*() {
      const message = yield* sentToAda
      yield* receive(yield* receiptBy("ada", [{ message }]))

      assert.strictEqual(yield* stateOf(message.id), "inboxed")
      assert.lengthOf(yield* dueRows, 0)
    }).pipe(Effect.provide(daemon)))

  it.effect("believes only the device whose message it is, about the words it was sent", () =>
    Effect.gen(function*() {
      const message = yield* sentToAda
      const forged = yield* receiptBy("ada", [{ message, signer: "cy" }])
      const stranger = yield* receiptBy("cy", [{ message }])
      const otherWords = yield* receiptBy("ada", [{ message, commit: "A".repeat(43) }])

      yield* receive(forged, stranger, otherWords)

      assert.strictEqual(yield* stateOf(message.id), "admitted")
      assert.strictEqual(yield* upto, 3)
    }).pipe(Effect.provide(daemon)))

  it.effect("skips content that is no list of receipts", () =>
    Effect.gen(function*() {
      yield* receive(receiptEnvelope("ada", "{\"receipts\":7}"))

      assert.strictEqual(yield* upto, 1)
    }).pipe(Effect.provide(daemon)))
})

/** A message of ours that the broker has. */
const sentToAda = Effect.gen(function*() {
  const { accept, find, pending } = yield* Outbox
  const delivery = yield* Delivery
  const ada = memberOf(made, "ada").device
  const { id } = yield* accept({
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
