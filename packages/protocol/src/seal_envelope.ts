/**
 * Seals a message: one body under a fresh content key, the key wrapped for each addressed device.
 *
 * Sealing happens when a message is sent, not when it is accepted, because
 * prekeys may have been renewed in between.
 *
 * @module
 */
import { Redacted, Result } from "effect"
import {
  AEAD_KEY_BYTES,
  AEAD_NONCE_BYTES,
  aeadSeal,
  concatBytes,
  encapsulate,
  fromBase64Url,
  KEM_ENCAPSULATION_SEED_BYTES,
  keyedHash,
  sign,
  type SignKeyPair,
  toBase64Url,
  utf8
} from "./crypto/mod.ts"
import {
  bodyHash,
  type Envelope,
  envelopeBytes,
  type EnvelopeHeader,
  headerHash,
  sortAddressees,
  type Wrap
} from "./envelope.ts"
import { type Refused, refused } from "./errors.ts"
import { limits } from "./limits.ts"
import { commitmentOf, packPlaintext, type Plaintext } from "./plaintext.ts"
import type { Prekey } from "./prekeys.ts"

/** The header but for what sealing itself finds out. */
export type EnvelopeDraft = Omit<EnvelopeHeader, "v" | "pad" | "commit" | "ck_commit">

/** What sealing needs beside the words. */
export interface SealOptions {
  /** The verified newest prekey of each addressed device. */
  readonly prekeys: ReadonlyMap<string, Prekey>
  /** `sealRandomBytes(recipients)` fresh random bytes. Never the same twice. */
  readonly random: Uint8Array
  /** The sending device's key. */
  readonly key: SignKeyPair
}

/** How many random bytes an envelope for so many devices takes. */
export function sealRandomBytes(recipients: number): number {
  return AEAD_KEY_BYTES + AEAD_NONCE_BYTES + recipients * KEM_ENCAPSULATION_SEED_BYTES
}

/** The nonce of a wrap. Its key is fresh per encapsulation and closes one box, so the nonce may be fixed. */
export const WRAP_NONCE = new Uint8Array(AEAD_NONCE_BYTES)

/** What both sides commit to of a content key, so that one ciphertext cannot open differently for two people. */
export function contentKeyCommitment(contentKey: Redacted.Redacted<Uint8Array>): string {
  return toBase64Url(keyedHash(Redacted.value(contentKey), utf8("cm1/ck")))
}

/** Seals and signs. Refuses what is too large, or a device whose prekey is missing or no key. */
export function sealEnvelope(
  draft: EnvelopeDraft,
  plaintext: Plaintext,
  options: SealOptions
): Result.Result<Envelope, Refused> {
  assertEnoughRandom(draft, options)
  const packed = packPlaintext(plaintext)
  if (packed === undefined) return tooLarge(draft, plaintext)
  const contentKey = Redacted.make(options.random.subarray(0, AEAD_KEY_BYTES))
  const nonce = options.random.subarray(AEAD_KEY_BYTES, AEAD_KEY_BYTES + AEAD_NONCE_BYTES)
  const header: EnvelopeHeader = {
    ...draft,
    to: sortAddressees(draft.to),
    v: 1,
    pad: packed.pad,
    commit: toBase64Url(commitmentOf(plaintext)),
    ck_commit: contentKeyCommitment(contentKey)
  }
  const aad = headerHash(header)
  const box = aeadSeal(packed.bytes, { key: contentKey, nonce, aad })
  return Result.flatMap(wrapForAll(header, contentKey, options), (wraps) => {
    const sealed = { header, wraps, body: toBase64Url(concatBytes(nonce, box)) }
    const sig = toBase64Url(sign("cm1/envelope", envelopeInput(sealed), options.key))
    const envelope = { ...sealed, sig }
    return envelopeBytes(envelope) > limits.envelopeBytesMax
      ? tooLarge(draft, plaintext)
      : Result.succeed(envelope)
  })
}

/** What the sending device signs. */
export function envelopeInput(envelope: Omit<Envelope, "sig">) {
  return { header: toBase64Url(headerHash(envelope.header)), body: toBase64Url(bodyHash(envelope)) }
}

function wrapForAll(
  header: EnvelopeHeader,
  contentKey: Redacted.Redacted<Uint8Array>,
  { prekeys, random }: SealOptions
): Result.Result<ReadonlyArray<Wrap>, Refused> {
  const aad = headerHash(header)
  const wraps: Array<Wrap> = []
  for (const [at, { device }] of header.to.entries()) {
    const prekey = prekeys.get(device)
    const from = AEAD_KEY_BYTES + AEAD_NONCE_BYTES + at * KEM_ENCAPSULATION_SEED_BYTES
    const seed = random.subarray(from, from + KEM_ENCAPSULATION_SEED_BYTES)
    const made = prekey === undefined ? undefined : encapsulate(fromBase64Url(prekey.key), seed)
    if (prekey === undefined || made === undefined) {
      return Result.fail(
        refused("reseal", `Cannot seal message "${header.id}": no usable prekey of ${device}`)
      )
    }
    const box = aeadSeal(Redacted.value(contentKey), {
      key: made.sharedKey,
      nonce: WRAP_NONCE,
      aad
    })
    wraps.push({
      device,
      prekey: prekey.id,
      kem: toBase64Url(made.ciphertext),
      box: toBase64Url(box)
    })
  }
  return Result.succeed(wraps)
}

/** Too few bytes would shorten a key or a nonce. */
function assertEnoughRandom({ id, to }: EnvelopeDraft, { random }: SealOptions): void {
  const wanted = sealRandomBytes(to.length)
  if (random.length === wanted) return
  throw new RangeError(
    `Cannot seal message "${id}": it takes ${wanted} random bytes, not ${random.length}`
  )
}

function tooLarge(draft: EnvelopeDraft, { content }: Plaintext) {
  const said = `${content.length} bytes, and at most ${limits.contentBytesMax} fit`
  return Result.fail(refused("too_large", `Cannot seal message "${draft.id}": it has ${said}`))
}
