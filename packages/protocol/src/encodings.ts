/**
 * Bytes and times as they stand in frames: schemas of text that has one form only.
 *
 * A base64url text whose spare bits are not zero decodes to the same bytes as
 * another one. The patterns refuse it, so that a flipped bit is never invisible.
 *
 * @module
 */
import { Schema } from "effect"

// The last character of 1 or 2 spare bytes carries 4 or 2 bits that must be zero.
const LAST_CHARACTER = ["", "[AQgw]", "[AEIMQUYcgkosw048]"] as const

/** Base64url of exactly so many bytes. */
function base64UrlOf(bytes: number) {
  const whole = Math.ceil((bytes * 4) / 3)
  const last = LAST_CHARACTER[bytes % 3] ?? ""
  const free = last === "" ? whole : whole - 1
  return Schema.String.check(
    Schema.isPattern(new RegExp(`^[A-Za-z0-9_-]{${free}}${last}$`), {
      expected: `base64url of ${bytes} bytes`
    })
  )
}

/** A nonce of a challenge, an incarnation, a store epoch. */
export const Bytes16 = base64UrlOf(16)
/** A hash, an Ed25519 public key, a salt. */
export const Bytes32 = base64UrlOf(32)
/** A content key under its wrap key, with the tag. */
export const Bytes48 = base64UrlOf(48)
/** An Ed25519 signature. */
export const Bytes64 = base64UrlOf(64)
/** An X-Wing ciphertext. */
export const Bytes1120 = base64UrlOf(1120)
/** An X-Wing public key. */
export const Bytes1216 = base64UrlOf(1216)

/** Base64url of any length, in its one form. */
export const AnyBytes = Schema.String.check(
  Schema.isPattern(
    /^(?:[A-Za-z0-9_-]{4})*(?:[A-Za-z0-9_-][AQgw]|[A-Za-z0-9_-]{2}[AEIMQUYcgkosw048])?$/,
    { expected: "base64url" }
  )
)

// Canonical JSON writes both as 0: no signature would notice a sign that was put before a zero.
const noSignedZero = Schema.makeFilter<number>((number) =>
  !Object.is(number, -0) || "0 without a sign"
)

/** A count or number that is never negative and always exact. */
export const Count = Schema.Int.check(
  Schema.isBetween({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
  noSignedZero
)

/** Milliseconds since 1970, to the end of the year 9999. Nothing but time-to-live and display depends on it. */
export const Millis = Schema.Int.check(
  Schema.isBetween({ minimum: 0, maximum: 253_402_300_799_999 }),
  noSignedZero
)

const wellFormed = Schema.makeFilter<string>((text) =>
  text.isWellFormed() || "text without lone surrogates"
)

/** Words of a person, bounded. A lone surrogate is refused: canonical JSON cannot write it. */
export function textOf(charactersMax: number) {
  return Schema.String.check(Schema.isMaxLength(charactersMax), wellFormed)
}
