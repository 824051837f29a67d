/**
 * Vectors of hashing, signing and sealing.
 *
 * @module
 */
import {
  aeadOpen,
  aeadSeal,
  canonicalJson,
  decapsulate,
  encapsulate,
  fromBase64Url,
  hash,
  hashObject,
  kemKeyPair,
  keyedHash,
  sign,
  signKeyPair,
  toBase64Url,
  utf8,
  verify
} from "@claudemesh/protocol/crypto"
import { Redacted, Result, Schema } from "effect"
import { flipBase64Url } from "../mutations.ts"
import { seededBytes } from "../seeded_bytes.ts"
import { signed, vectorSet } from "./vector_set.ts"

const Bytes = Schema.String
const CanonicalObject = Schema.Record(Schema.String, Schema.Json)

/** RFC 8785, and the hash of what it gives. */
export const canonicalJsonVectors = vectorSet({
  file: "canonical_json",
  about: "The canonical text (RFC 8785) of a JSON text, and the BLAKE2b-256 of its UTF-8 bytes.",
  given: Schema.Null,
  input: Schema.Struct({ json: Schema.String }),
  answer: ({ json }) =>
    Result.try({
      try: () => {
        const text = canonicalJson(JSON.parse(json))
        return { text, hash: toBase64Url(hash(utf8(text))) }
      },
      catch: () => "malformed"
    }),
  cases: () => ({
    given: null,
    cases: [
      ["an empty object", "ok", { json: "{ }" }],
      ["literals", "ok", { json: "[null, true, false]" }],
      [
        "numbers as ECMAScript writes them",
        "ok",
        { json: "[333333333.33333329, 1E30, 4.50, 2e-3, 1e-27, -0, 1e21, 1e-7, 9007199254740993]" }
      ],
      [
        "strings with the shortest escapes",
        "ok",
        { json: String.raw`["\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/", "\u2028\u007f"]` }
      ],
      [
        "keys in the order of UTF-16 code units",
        "ok",
        {
          json: String
            .raw`{"\u20ac":1,"\r":2,"\ufb33":3,"1":4,"\ud83d\ude00":5,"\u0080":6,"\u00f6":7}`
        }
      ],
      ["nested objects", "ok", { json: "{\"b\":[{\"z\":1,\"a\":{\"y\":[],\"x\":{}}}],\"\":0}" }],
      ["no normalisation", "ok", { json: String.raw`"A\u030a"` }],
      ["a lone surrogate", "malformed", { json: String.raw`["\ud800"]` }],
      ["a lone surrogate in a key", "malformed", { json: String.raw`{"\udc00":1}` }]
    ] as const
  })
})

/** BLAKE2b-256. */
export const hashVectors = vectorSet({
  file: "hash",
  about:
    "BLAKE2b-256: of bytes; of bytes under a key; of `domain ‖ 0x00 ‖ canonical JSON` where an object is given.",
  given: Schema.Null,
  input: Schema.Union([
    Schema.Struct({ bytes: Bytes, key: Schema.optionalKey(Bytes) }),
    Schema.Struct({ domain: Schema.String, object: CanonicalObject })
  ]),
  answer: (input) => {
    if ("domain" in input) {
      return Result.succeed(toBase64Url(hashObject(input.domain, input.object)))
    }
    const bytes = fromBase64Url(input.bytes)
    const { key } = input
    const made = key === undefined ? hash(bytes) : keyedHash(fromBase64Url(key), bytes)
    return Result.succeed(toBase64Url(made))
  },
  cases: () => {
    const bytes = seededBytes("hash vectors")
    const key = toBase64Url(bytes(32))
    return {
      given: null,
      cases: [
        ["of nothing", "ok", { bytes: "" }],
        ["of abc", "ok", { bytes: toBase64Url(utf8("abc")) }],
        ["of one block", "ok", { bytes: toBase64Url(bytes(128)) }],
        ["of one block and a byte", "ok", { bytes: toBase64Url(bytes(129)) }],
        ["under a key of 32 bytes", "ok", { key, bytes: toBase64Url(utf8("cm1/ck")) }],
        ["under a key of 16 bytes", "ok", {
          key: toBase64Url(bytes(16)),
          bytes: toBase64Url(utf8("cm1/invite-key"))
        }],
        ["of an object under a domain", "ok", {
          domain: "cm1/body",
          object: { wraps: [], body: "" }
        }],
        ["of the same object under another domain", "ok", {
          domain: "cm1/mesh",
          object: { wraps: [], body: "" }
        }]
      ] as const
    }
  }
})

const Domain = Schema.Literals(["cm1/statement", "cm1/envelope", "cm1/attach"])

/** Ed25519 over a domain and an object. */
export const signVectors = vectorSet({
  file: "sign",
  about:
    "Ed25519 over `domain ‖ 0x00 ‖ canonical JSON`: signing with the key of a seed, or verifying.",
  given: Schema.Null,
  input: Schema.Union([
    Schema.Struct({ seed: Bytes, domain: Domain, object: CanonicalObject }),
    Schema.Struct({
      public_key: Bytes,
      signature: Bytes,
      domain: Domain,
      object: CanonicalObject
    })
  ]),
  answer: (input) => {
    const { domain, object } = input
    if ("seed" in input) {
      const key = signKeyPair(Redacted.make(fromBase64Url(input.seed)))
      const signature = toBase64Url(sign(domain, object, key))
      return Result.succeed({ public_key: toBase64Url(key.publicKey), signature })
    }
    const publicKey = fromBase64Url(input.public_key)
    const signature = fromBase64Url(input.signature)
    return signed(verify({ domain, object, publicKey, signature }))
  },
  cases: () => {
    const bytes = seededBytes("sign vectors")
    const seed = bytes(32)
    const key = signKeyPair(Redacted.make(seed))
    const domain = "cm1/statement"
    const object = { b: [1, "two"], a: null }
    const signature = toBase64Url(sign(domain, object, key))
    const claim = { public_key: toBase64Url(key.publicKey), signature, domain, object } as const
    const other = signKeyPair(Redacted.make(bytes(32)))
    return {
      given: null,
      cases: [
        ["signs", "ok", { seed: toBase64Url(seed), domain, object }],
        ["signs in another domain", "ok", {
          seed: toBase64Url(seed),
          domain: "cm1/attach",
          object
        }],
        ["verifies", "ok", claim],
        ["refuses another domain", "bad_signature", { ...claim, domain: "cm1/envelope" }],
        ["refuses another object", "bad_signature", { ...claim, object: { ...object, c: 1 } }],
        ["refuses another key", "bad_signature", {
          ...claim,
          public_key: toBase64Url(other.publicKey)
        }],
        ["refuses a turned bit in R", "bad_signature", {
          ...claim,
          signature: flipBase64Url(signature, 0)
        }],
        ["refuses a turned bit in S", "bad_signature", {
          ...claim,
          signature: flipBase64Url(signature, 300)
        }],
        ["refuses S = 0", "bad_signature", {
          ...claim,
          signature: signature.slice(0, 43) + "A".repeat(43)
        }],
        ["refuses a key of small order with R = 1, S = 0", "bad_signature", {
          ...claim,
          public_key: `AQ${"A".repeat(41)}`,
          signature: `AQ${"A".repeat(84)}`
        }],
        ["refuses a key of zeros", "bad_signature", { ...claim, public_key: "A".repeat(43) }]
      ] as const
    }
  }
})

/** X-Wing. */
export const kemVectors = vectorSet({
  file: "kem",
  about:
    "X-Wing (draft-connolly-cfrg-xwing-kem): the key of a seed, encapsulation from 64 bytes, decapsulation. `invalid` means that there is no answer.",
  given: Schema.Null,
  input: Schema.Union([
    Schema.Struct({ seed: Bytes, ciphertext: Bytes }),
    Schema.Struct({ public_key: Bytes, encapsulation_seed: Bytes }),
    Schema.Struct({ seed: Bytes })
  ]),
  answer: (input) => {
    if ("public_key" in input) {
      const seed = fromBase64Url(input.encapsulation_seed)
      const made = encapsulate(fromBase64Url(input.public_key), seed)
      if (made === undefined) return Result.fail("invalid")
      const ciphertext = toBase64Url(made.ciphertext)
      return Result.succeed({ ciphertext, shared_key: toBase64Url(Redacted.value(made.sharedKey)) })
    }
    const pair = kemKeyPair(Redacted.make(fromBase64Url(input.seed)))
    if (!("ciphertext" in input)) return Result.succeed({ public_key: toBase64Url(pair.publicKey) })
    const key = decapsulate(fromBase64Url(input.ciphertext), pair)
    if (key === undefined) return Result.fail("invalid")
    return Result.succeed({ shared_key: toBase64Url(Redacted.value(key)) })
  },
  cases: () => {
    const bytes = seededBytes("kem vectors")
    const seed = toBase64Url(bytes(32))
    const { publicKey } = kemKeyPair(Redacted.make(fromBase64Url(seed)))
    const public_key = toBase64Url(publicKey)
    const encapsulation_seed = toBase64Url(bytes(64))
    const made = encapsulate(publicKey, fromBase64Url(encapsulation_seed))
    const ciphertext = toBase64Url(made?.ciphertext ?? new Uint8Array(0))
    const low = publicKey.map((byte, at) => at < 1184 ? byte : 0)
    const wide = publicKey.map((byte, at) => at < 1152 ? 255 : byte)
    return {
      given: null,
      cases: [
        ["makes a key", "ok", { seed }],
        ["makes the key of the draft's first vector", "ok", {
          seed: "f5wrpOiPgn1hYEVQdgWFPtc7gJP277yI6xpurPpm7yY"
        }],
        ["encapsulates", "ok", { public_key, encapsulation_seed }],
        ["decapsulates", "ok", { seed, ciphertext }],
        ["decapsulates a forged ciphertext to another key", "ok", {
          seed,
          ciphertext: flipBase64Url(ciphertext, 4_000)
        }],
        ["refuses an X25519 half of low order", "invalid", {
          public_key: toBase64Url(low),
          encapsulation_seed
        }],
        ["refuses an ML-KEM half out of range", "invalid", {
          public_key: toBase64Url(wide),
          encapsulation_seed
        }],
        ["refuses a short public key", "invalid", {
          public_key: public_key.slice(4),
          encapsulation_seed
        }],
        ["refuses a short ciphertext", "invalid", { seed, ciphertext: ciphertext.slice(4) }]
      ] as const
    }
  }
})

/** XChaCha20-Poly1305. */
export const aeadVectors = vectorSet({
  file: "aead",
  about: "XChaCha20-Poly1305 (IETF): closing `text`, or opening `box`.",
  given: Schema.Null,
  input: Schema.Union([
    Schema.Struct({ key: Bytes, nonce: Bytes, aad: Bytes, text: Bytes }),
    Schema.Struct({ key: Bytes, nonce: Bytes, aad: Bytes, box: Bytes })
  ]),
  answer: (input) => {
    const key = Redacted.make(fromBase64Url(input.key))
    const options = { key, nonce: fromBase64Url(input.nonce), aad: fromBase64Url(input.aad) }
    if ("text" in input) {
      return Result.succeed(toBase64Url(aeadSeal(fromBase64Url(input.text), options)))
    }
    const text = aeadOpen(fromBase64Url(input.box), options)
    return text === undefined ? Result.fail("undecryptable") : Result.succeed(toBase64Url(text))
  },
  cases: () => {
    const bytes = seededBytes("aead vectors")
    const [key, nonce, aad] = [bytes(32), bytes(24), bytes(32)]
    const text = utf8("attack at dawn")
    const box = toBase64Url(aeadSeal(text, { key: Redacted.make(key), nonce, aad }))
    const bound = { key: toBase64Url(key), nonce: toBase64Url(nonce), aad: toBase64Url(aad) }
    const other = toBase64Url(bytes(32))
    return {
      given: null,
      cases: [
        ["closes", "ok", { ...bound, text: toBase64Url(text) }],
        ["closes nothing", "ok", { ...bound, text: "" }],
        ["opens", "ok", { ...bound, box }],
        ["refuses another key", "undecryptable", { ...bound, box, key: other }],
        ["refuses another nonce", "undecryptable", { ...bound, box, nonce: other.slice(0, 32) }],
        ["refuses what it is not bound to", "undecryptable", { ...bound, box, aad: other }],
        ["refuses a turned bit", "undecryptable", { ...bound, box: flipBase64Url(box, 3) }],
        ["refuses a turned bit in the tag", "undecryptable", {
          ...bound,
          box: flipBase64Url(box, 14 * 8 + 1)
        }],
        ["refuses a cut box", "undecryptable", { ...bound, box: box.slice(0, 16) }]
      ] as const
    }
  }
})
