/**
 * Receipts: how far a message got, said and signed by the device that knows.
 *
 * A stage is only ever claimed on evidence from the place it names. Receipts
 * travel as the content of `receipt` envelopes, several in one.
 *
 * @module
 */
import { Schema } from "effect"
import { fromBase64Url, sign, type SignKeyPair, toBase64Url, verify } from "./crypto/mod.ts"
import { Bytes32, Bytes64, Millis } from "./encodings.ts"
import { CodeText } from "./errors.ts"
import { type DeviceId, type MeshId, MessageId } from "./ids.ts"
import { limits } from "./limits.ts"
import { ReceiptStage } from "./vocabulary.ts"

/** One signed stage of one message. */
export const Receipt = Schema.Struct({
  id: MessageId,
  commit: Bytes32,
  stage: ReceiptStage,
  /** Why it was rejected. */
  reason: Schema.optionalKey(CodeText),
  at: Millis,
  sig: Bytes64
})
export type Receipt = typeof Receipt.Type

/** The content of a `receipt` envelope. */
export const ReceiptsContent = Schema.fromJsonString(
  Schema.Struct({
    receipts: Schema.Array(Receipt).check(Schema.isMaxLength(limits.receiptsPerEnvelopeMax))
  })
)

/** Between whom: the mesh, the device that sent the message, the device that vouches. */
export interface ReceiptParties {
  readonly mesh: MeshId
  readonly sender: DeviceId
  readonly recipient: DeviceId
}

function receiptInput(unsigned: Omit<Receipt, "sig">, parties: ReceiptParties) {
  const { mesh, recipient, sender } = parties
  return { ...unsigned, mesh, sender, recipient }
}

/** Signs one stage. */
export function signReceipt(
  unsigned: Omit<Receipt, "sig">,
  parties: ReceiptParties,
  key: SignKeyPair
): Receipt {
  const sig = sign("cm1/receipt", receiptInput(unsigned, parties), key)
  return { ...unsigned, sig: toBase64Url(sig) }
}

/** Whether the recipient's device said so; `deviceKey` is its base64url signing key. */
export function verifyReceipt(
  { sig, ...unsigned }: Receipt,
  parties: ReceiptParties,
  deviceKey: string
): boolean {
  return verify({
    domain: "cm1/receipt",
    object: receiptInput(unsigned, parties),
    signature: fromBase64Url(sig),
    publicKey: fromBase64Url(deviceKey)
  })
}
