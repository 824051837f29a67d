/**
 * Moves what a test has accepted on: takes it under way, has it admitted, signs for it.
 *
 * @module
 */
import type { DeviceId, ErrorCode, ReceiptStage } from "@claudemesh/protocol"
import { Effect } from "effect"
import { Delivery } from "../outbox/delivery.ts"
import { Outbox, type Outgoing } from "../outbox/outbox.ts"
import { theMesh } from "./made_daemon.ts"

/** Takes everything that waits under way. */
export const beginAll = Effect.gen(function*() {
  const { begin } = yield* Delivery
  const { pending } = yield* Outbox
  return yield* begin(yield* pending((yield* theMesh).id, { after: 0, limit: 100 }))
})

/** Takes everything that waits under way, and has it admitted. */
export const admitAll = Effect.gen(function*() {
  const { admitted } = yield* Delivery
  const begun = yield* beginAll
  yield* admitted(begun)
  return begun
})

/** What a receipt says otherwise: it is by the only recipient, about the words it was sent. */
export interface SignOptions {
  readonly by?: DeviceId
  readonly reason?: ErrorCode
  readonly commit?: string
}

/** Applies a receipt, whose signature nobody looks at. */
export const sign = Effect.fnUntraced(
  function*(message: Outgoing, stage: ReceiptStage, options: SignOptions = {}) {
    const { by = message.recipients[0]?.device, commit = message.commitment, reason } = options
    if (by === undefined) return yield* Effect.die("The message is for nobody")
    const receipt = { id: message.id, commit, stage, at: 0, sig: "" }
    const { applyReceipt } = yield* Delivery
    yield* applyReceipt(message.mesh, by, reason === undefined ? receipt : { ...receipt, reason })
  }
)
