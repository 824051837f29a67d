/**
 * What is inside an envelope: meta and content, committed to with a salt, padded to a few sizes.
 *
 * Layout: salt (32) ‖ length of meta (4, big-endian) ‖ JCS(meta) ‖ length of content (4) ‖ content ‖ zeros.
 * The commitment is a BLAKE2b keyed with the salt over everything between salt and zeros.
 * It stays the same however often the message is sealed.
 *
 * @module
 */
import { Result, Schema } from "effect"
import { canonicalJson, concatBytes, fromUtf8, keyedHash, utf8 } from "./crypto/mod.ts"
import { Meta } from "./envelope.ts"
import { parseUntrustedJson } from "./json_text.ts"
import { limits } from "./limits.ts"

/** Length of the salt of a commitment. */
export const SALT_BYTES = 32

const LENGTH_BYTES = 4

/** Meta and content before sealing; `meta` may hold fields of later versions. */
export interface Plaintext {
  readonly meta: Meta
  readonly content: Uint8Array
  readonly salt: Uint8Array
}

/** The commitment of a message: its fingerprint for idempotency, constant over re-sealing. */
export function commitmentOf(plaintext: Plaintext): Uint8Array {
  return keyedHash(plaintext.salt, framed(bytesOfMeta(plaintext.meta), plaintext.content))
}

/** The padded bytes to seal, and the size they were padded to; nothing if they are too large. */
export function packPlaintext(plaintext: Plaintext) {
  const metaBytes = bytesOfMeta(plaintext.meta)
  const packed = concatBytes(plaintext.salt, framed(metaBytes, plaintext.content))
  const pad = limits.padBytes.find((size) => size >= packed.length)
  if (pad === undefined || isTooLarge(plaintext.content, metaBytes)) return undefined
  const bytes = new Uint8Array(pad)
  bytes.set(packed)
  return { bytes, pad }
}

const decodeMeta = Schema.decodeUnknownResult(Meta)

/** What was sealed, with the commitment to it as it was laid out, unknown meta fields included. */
export interface Unpacked {
  readonly plaintext: Plaintext
  readonly commitment: Uint8Array
}

/** Reads what was sealed; nothing if it is not laid out as above. */
export function unpackPlaintext(bytes: Uint8Array): Unpacked | undefined {
  const salt = bytes.subarray(0, SALT_BYTES)
  const metaBytes = lengthPrefixed(bytes, SALT_BYTES)
  if (metaBytes === undefined) return undefined
  const contentAt = SALT_BYTES + LENGTH_BYTES + metaBytes.length
  const content = lengthPrefixed(bytes, contentAt)
  if (content === undefined || isTooLarge(content, metaBytes)) return undefined
  const end = contentAt + LENGTH_BYTES + content.length
  const meta = readMeta(metaBytes)
  if (Result.isFailure(meta) || bytes.subarray(end).some((byte) => byte !== 0)) return undefined
  const commitment = keyedHash(salt, bytes.subarray(SALT_BYTES, end))
  return { plaintext: { salt, content, meta: meta.success }, commitment }
}

/** Unknown fields are ignored, but none may stand there twice. */
function readMeta(bytes: Uint8Array): Result.Result<Meta, unknown> {
  return Result.flatMap(parseUntrustedJson(fromUtf8(bytes) ?? ""), decodeMeta)
}

function bytesOfMeta(meta: Meta): Uint8Array {
  return utf8(canonicalJson(meta))
}

function isTooLarge(content: Uint8Array, metaBytes: Uint8Array): boolean {
  return content.length > limits.contentBytesMax || metaBytes.length > limits.metaBytesMax
}

function framed(metaBytes: Uint8Array, content: Uint8Array): Uint8Array {
  return concatBytes(lengthOf(metaBytes), metaBytes, lengthOf(content), content)
}

function lengthOf(bytes: Uint8Array): Uint8Array {
  const prefix = new Uint8Array(LENGTH_BYTES)
  new DataView(prefix.buffer).setUint32(0, bytes.length)
  return prefix
}

function lengthPrefixed(bytes: Uint8Array, at: number): Uint8Array | undefined {
  if (at + LENGTH_BYTES > bytes.length) return undefined
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(at)
  const end = at + LENGTH_BYTES + length
  return end > bytes.length ? undefined : bytes.subarray(at + LENGTH_BYTES, end)
}
