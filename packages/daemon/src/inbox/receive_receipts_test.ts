import {
  type Envelope,
  type MessageId,
  type Receipt,
  ReceiptsContent,
  signReceipt
} from "@claudemesh/protocol"
import { MADE_AT, makeMesh, memberOf, messageIdOf, sealBetween } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { Outbox } from "../outbox/outbox.ts"
import { accepted, outgoing } from "../testing/accepted.ts"
import { identityOf } from "../testing/made_identity.ts"
import { layerReceiving, readUpto, receive } from "../testing/receiving.ts"
import { dueRows } from "../testing/rows.ts"
import { admitAll } from "../testing/under_way.ts"

const made = makeMesh("receive-receipts", ["ada", "bob", "cy"])
const mesh = made.membership.mesh
const bob = identityOf(made, "bob")
const daemon = layerReceiving(made, "bob")

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
      assert.strictEqual(yield* readUpto, 3)
    }).pipe(Effect.provide(daemon)))

  it.effect("skips content that is no list of receipts", () =>
    Effect.gen(function*() {
      yield* receive(receiptEnvelope("ada", "{\"receipts\":7}"))

      assert.strictEqual(yield* readUpto, 1)
    }).pipe(Effect.provide(daemon)))
})

/** A message of ours that the broker has. */
const sentToAda = Effect.gen(function*() {
  const { id } = yield* accepted({ to: [memberOf(made, "ada").device] })
  yield* admitAll
  return yield* outgoing(id)
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
