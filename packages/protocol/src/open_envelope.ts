/**
 * Opens a sealed message: the receiver's checks, in their order, each with its verdict.
 *
 * Size → form → known sender → signature → right at `log_head` → addressed to
 * me → unwrap → content key commitment → body → commitment. A failure is a
 * verdict for the sender; it is never answered by trying another key.
 * Deduplication and order follow, where the inbox is.
 *
 * @module
 */
import { HashMap, Option, Redacted, Result, Schema } from "effect"
import {
  AEAD_NONCE_BYTES,
  aeadOpen,
  decapsulate,
  fromBase64Url,
  type KemKeyPair,
  sameBytes,
  verify
} from "./crypto/mod.ts"
import {
  type Addressee,
  Envelope,
  envelopeBytes,
  headerHash,
  isWellAddressed,
  type Wrap
} from "./envelope.ts"
import type { ErrorCode } from "./errors.ts"
import type { DeviceId, PrekeyId } from "./ids.ts"
import { limits } from "./limits.ts"
import { compareHead, type Device, type Membership, wasDeviceAt } from "./membership.ts"
import { type Plaintext, unpackPlaintext } from "./plaintext.ts"
import { contentKeyCommitment, envelopeInput, WRAP_NONCE } from "./seal_envelope.ts"

/** Why a message was not accepted; each is a code of the error table. */
export type Verdict = Extract<
  ErrorCode,
  | "too_large"
  | "malformed"
  | "wrong_mesh"
  | "unknown_sender"
  | "bad_signature"
  | "head_moved"
  | "membership_fork"
  | "revoked_sender"
  | "not_addressed"
  | "reseal"
  | "undecryptable"
  | "commit_mismatch"
>

/** What the receiver knows. */
export interface OpenContext {
  readonly membership: Membership
  readonly device: DeviceId
  /** The private half of a prekey; nothing once it was erased. */
  readonly prekey: (id: PrekeyId) => KemKeyPair | undefined
}

/** A message that passed every check. */
export interface Opened extends Omit<Plaintext, "salt"> {
  readonly envelope: Envelope
  readonly sender: Device
  readonly addressee: Addressee
}

const decodeEnvelope = Schema.decodeUnknownResult(Envelope, { onExcessProperty: "error" })

/** Reads an envelope from decoded JSON: `malformed` if it is none. */
export function readEnvelope(json: unknown): Result.Result<Envelope, Verdict> {
  const envelope = decodeEnvelope(json)
  if (Result.isFailure(envelope)) return Result.fail("malformed")
  return isWellAddressed(envelope.success)
    ? Result.succeed(envelope.success)
    : Result.fail("malformed")
}

/**
 * Opens an envelope. `head_moved` means that the sender knows more of the
 * membership log than we do: read on in the log, then open it again.
 */
export function openEnvelope(
  envelope: Envelope,
  context: OpenContext
): Result.Result<Opened, Verdict> {
  if (envelopeBytes(envelope) > limits.envelopeBytesMax) return Result.fail("too_large")
  if (!isWellAddressed(envelope)) return Result.fail("malformed")
  return Result.gen(function*() {
    const sender = yield* checkSender(envelope, context)
    const at = envelope.header.to.findIndex(({ device }) => device === context.device)
    const addressee = envelope.header.to[at]
    const wrap = envelope.wraps[at]
    if (addressee === undefined || wrap === undefined) {
      return yield* Result.fail("not_addressed" as const)
    }
    const { content, meta } = yield* openBody(envelope, wrap, context)
    return { envelope, sender, addressee, content, meta }
  })
}

function checkSender(
  envelope: Envelope,
  { membership }: OpenContext
): Result.Result<Device, Verdict> {
  const { from, log_head, mesh } = envelope.header
  if (mesh !== membership.mesh) return Result.fail("wrong_mesh")
  const [seq, hash] = log_head
  const view = compareHead(membership, { seq, hash })
  const sender = Option.getOrUndefined(HashMap.get(membership.devices, from.device))
  // A newcomer's device is in the part of the log we have not read yet.
  if (sender === undefined) return Result.fail(view === "ahead" ? "head_moved" : "unknown_sender")
  const claim = {
    domain: "cm1/envelope" as const,
    object: envelopeInput(envelope),
    signature: fromBase64Url(envelope.sig),
    publicKey: fromBase64Url(sender.key)
  }
  if (!verify(claim)) return Result.fail("bad_signature")
  if (view !== "known") return Result.fail(view === "ahead" ? "head_moved" : "membership_fork")
  // The head is the sender's word: a revoked device may name one from before its end. An honest
  // broker admits nothing of it; one that helps it is not stopped here (see `wasDeviceAt`).
  return wasDeviceAt(sender, seq) ? Result.succeed(sender) : Result.fail("revoked_sender")
}

function openBody(
  envelope: Envelope,
  wrap: Wrap,
  context: OpenContext
): Result.Result<Plaintext, Verdict> {
  const aad = headerHash(envelope.header)
  const prekey = context.prekey(wrap.prekey)
  if (prekey === undefined) return Result.fail("reseal")
  const wrapKey = decapsulate(fromBase64Url(wrap.kem), prekey)
  const key = wrapKey && aeadOpen(fromBase64Url(wrap.box), { key: wrapKey, nonce: WRAP_NONCE, aad })
  if (key === undefined) return Result.fail("undecryptable")
  const contentKey = Redacted.make(key)
  if (contentKeyCommitment(contentKey) !== envelope.header.ck_commit) {
    return Result.fail("commit_mismatch")
  }
  const body = fromBase64Url(envelope.body)
  const nonce = body.subarray(0, AEAD_NONCE_BYTES)
  if (nonce.length < AEAD_NONCE_BYTES) return Result.fail("malformed")
  const bytes = aeadOpen(body.subarray(AEAD_NONCE_BYTES), { key: contentKey, nonce, aad })
  if (bytes === undefined || bytes.length !== envelope.header.pad) {
    return Result.fail("undecryptable")
  }
  const unpacked = unpackPlaintext(bytes)
  if (unpacked === undefined) return Result.fail("malformed")
  const committed = sameBytes(unpacked.commitment, fromBase64Url(envelope.header.commit))
  return committed ? Result.succeed(unpacked.plaintext) : Result.fail("commit_mismatch")
}
