/**
 * Bytes as text and back: base64url for keys and ciphertext, base32 for ids, UTF-8 for words.
 *
 * @module
 */
import { Result } from "effect"
import * as Base64Url from "effect/encoding/Base64Url"

const encoder = new TextEncoder()
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })

/** UTF-8 bytes of a string. */
export function utf8(text: string): Uint8Array {
  return encoder.encode(text)
}

/** The string of UTF-8 bytes; nothing if they are not valid UTF-8. */
export function fromUtf8(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes)
  } catch {
    return undefined
  }
}

/** Unpadded base64url, as bytes travel in frames. */
export function toBase64Url(bytes: Uint8Array): string {
  return Base64Url.encode(bytes)
}

/** Reads base64url that a schema has already checked; anything else is a defect. */
export function fromBase64Url(text: string): Uint8Array {
  return Result.getOrThrow(Base64Url.decode(text))
}

const BASE32 = "abcdefghijklmnopqrstuvwxyz234567"

/** Lower-case base32 (RFC 4648 §6, without padding), as ids are written. */
export function toBase32(bytes: Uint8Array): string {
  let text = ""
  let bits = 0
  let value = 0
  for (const byte of bytes) {
    value = ((value << 8) | byte) & 0xfff
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += BASE32[(value >>> bits) & 31]
    }
  }
  return bits > 0 ? text + BASE32[(value << (5 - bits)) & 31] : text
}

/** One array of several. */
export function concatBytes(...parts: ReadonlyArray<Uint8Array>): Uint8Array {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let offset = 0
  for (const part of parts) {
    joined.set(part, offset)
    offset += part.length
  }
  return joined
}

/** Whether two arrays hold the same bytes. For public values; it is not constant-time. */
export function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, at) => byte === other[at])
}
