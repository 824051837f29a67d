// Reads the published vectors with other libraries and none of our code, so that both cannot be wrong in one way.
import { assert, describe, it } from "@effect/vitest"
import { xchacha20poly1305 } from "@noble/ciphers/chacha.js"
import { ed25519 } from "@noble/curves/ed25519.js"
import { blake2b } from "@noble/hashes/blake2.js"
import { ml_kem768_x25519 as xWing } from "@noble/post-quantum/hybrid.js"
import { readFileSync } from "node:fs"
import type { DeviceRecord, Envelope, Statement } from "./mod.ts"

interface VectorsOf<Input, Ok, Given> {
  readonly given: Given
  readonly vectors: ReadonlyArray<{
    readonly name: string
    readonly input: Input
    readonly expect: { readonly ok?: Ok }
  }>
}

/** The vectors of a file that are not refused, each with what it refers to. */
function accepted<Input, Ok, Given>({ given, vectors }: VectorsOf<Input, Ok, Given>) {
  return vectors.flatMap(({ expect: { ok }, input, name }) =>
    ok === undefined ? [] : [{ name, input, ok, given }]
  )
}

function read(name: string): string {
  return readFileSync(new URL(`../testdata/${name}.json`, import.meta.url), "utf8")
}

const names = ["hash", "sign", "kem", "aead", "ids", "statements", "envelopes"]
const files: {
  readonly hash: VectorsOf<HashInput, string, null>
  readonly sign: VectorsOf<SignInput, Signed | null, null>
  readonly kem: VectorsOf<KemInput, object, null>
  readonly aead: VectorsOf<AeadInput, string, null>
  readonly ids: VectorsOf<{ readonly key: string }, string, null>
  readonly statements: VectorsOf<StatementInput, { readonly head: object }, Logs>
  readonly envelopes: VectorsOf<EnvelopeInput, Said, Recipients>
} = JSON.parse(`{${names.map((name) => `"${name}":${read(name)}`).join()}}`)

interface HashInput {
  readonly bytes: string
  readonly key?: string
  readonly domain?: string
  readonly object: unknown
}

interface SignInput {
  readonly seed?: string
  readonly domain: string
  readonly object: unknown
}

interface KemInput {
  readonly seed: string
  readonly ciphertext?: string
  readonly public_key?: string
  readonly encapsulation_seed: string
}

interface AeadInput {
  readonly key: string
  readonly nonce: string
  readonly aad: string
  readonly text?: string
  readonly box: string
}

describe("another implementation", () => {
  it.each(accepted(files.hash))("hashes the same: $name", ({ input, ok }) => {
    const { bytes, domain, key, object } = input
    const text = domain === undefined ? unbase(bytes) : underDomain(domain, object)
    const options = key === undefined ? { dkLen: 32 } : { dkLen: 32, key: unbase(key) }

    assert.strictEqual(base(blake2b(text, options)), ok)
  })

  it.each(
    accepted(files.sign)
  )(
    "signs the same: $name",
    ({ input: { domain, object, seed }, ok }) => {
      if (seed === undefined || ok === null) return
      const signature = ed25519.sign(underDomain(domain, object), unbase(seed))

      assert.strictEqual(base(signature), ok.signature)
      assert.strictEqual(base(ed25519.getPublicKey(unbase(seed))), ok.public_key)
    }
  )

  it.each(accepted(files.kem))("agrees on keys: $name", ({ input, ok }) => {
    assert.deepStrictEqual(agreed(input), ok)
  })

  it.each(accepted(files.aead))(
    "closes and opens the same: $name",
    ({ input, ok }) => {
      const { aad, box, key, nonce, text } = input
      const cipher = xchacha20poly1305(unbase(key), unbase(nonce), unbase(aad))
      const made = text === undefined ? cipher.decrypt(unbase(box)) : cipher.encrypt(unbase(text))

      assert.strictEqual(base(made), ok)
    }
  )

  it.each(accepted(files.ids))(
    "names keys the same: $name",
    ({ input: { key }, ok }) => {
      assert.strictEqual(ok.slice(2), base32(blake2b(unbase(key), { dkLen: 32 }).subarray(0, 16)))
    }
  )

  it.each(accepted(files.statements))(
    "follows the chain and every signature: $name",
    ({ given, input, ok }) => {
      const log = [...given[input.log] ?? [], ...input.append]

      assert.deepStrictEqual(log.filter((statement, at) => !isInPlace(statement, log[at - 1])), [])
      assert.deepStrictEqual(log.filter((statement) => !isSigned(statement, log)), [])
      assert.deepStrictEqual(ok.head, [log.length, hashOf("cm1/log", log.at(-1))])
    }
  )

  it.each(
    accepted(files.envelopes)
  )(
    "opens the same: $name",
    ({ given: { log, recipients }, input: { envelope, recipient }, ok }) => {
      const { body, header, sig, wraps } = envelope
      const bodyHash = digest(underDomain("cm1/body", { body, wraps }))
      const hashes = { header: hashOf("cm1/header", header), body: bodyHash }
      const sender = log.flatMap(recordsOf).find(({ key }) => idOf("d", key) === header.from.device)
      const signed = underDomain("cm1/envelope", hashes)
      assert.isTrue(ed25519.verify(unbase(sig), signed, unbase(sender?.key ?? "")))

      const me = recipients[recipient] ?? assert.fail("there is no such recipient")
      const wrap = wraps.find(({ device }) => device === me.device) ??
        assert.fail("there is no wrap")
      const shared = xWing.decapsulate(unbase(wrap.kem), unbase(me.prekey_secret))
      const aad = unbase(hashes.header)
      const contentKey = xchacha20poly1305(shared, new Uint8Array(24), aad).decrypt(
        unbase(wrap.box)
      )
      const commitment = blake2b(Buffer.from("cm1/ck"), { dkLen: 32, key: contentKey })
      assert.strictEqual(base(commitment), header.ck_commit)

      const box = unbase(body)
      const plain = xchacha20poly1305(contentKey, box.subarray(0, 24), aad).decrypt(
        box.subarray(24)
      )
      assert.lengthOf(plain, header.pad)
      const { content, meta, said } = unpacked(Buffer.from(plain))
      assert.strictEqual(content, ok.text)
      assert.include(JSON.parse(meta), ok.meta)
      const commit = blake2b(said, { dkLen: 32, key: plain.subarray(0, 32) })
      assert.strictEqual(base(commit), header.commit)
    }
  )
})

type Logs = Readonly<Record<string, ReadonlyArray<Statement>>>

interface StatementInput {
  readonly log: string
  readonly append: ReadonlyArray<Statement>
}

interface Signed {
  readonly public_key: string
  readonly signature: string
}

interface Said {
  readonly text: string
  readonly meta: object
}

interface EnvelopeInput {
  readonly envelope: Envelope
  readonly recipient: string
}

interface Recipients {
  readonly log: ReadonlyArray<Statement>
  readonly recipients: Readonly<
    Record<string, { readonly device: string; readonly prekey_secret: string }>
  >
}

function agreed({ ciphertext, encapsulation_seed, public_key, seed }: KemInput): unknown {
  if (public_key !== undefined) {
    const made = xWing.encapsulate(unbase(public_key), unbase(encapsulation_seed))
    return { ciphertext: base(made.cipherText), shared_key: base(made.sharedSecret) }
  }
  if (ciphertext === undefined) return { public_key: base(xWing.keygen(unbase(seed)).publicKey) }
  return { shared_key: base(xWing.decapsulate(unbase(ciphertext), unbase(seed))) }
}

function isInPlace(statement: Statement, before: Statement | undefined): boolean {
  if (before !== undefined) {
    return statement.seq === before.seq + 1 && statement.prev === hashOf("cm1/log", before) &&
      statement.mesh === before.mesh
  }
  const { mesh, sig: _, ...founding } = statement
  const hash = blake2b(underDomain("cm1/mesh", founding), { dkLen: 32 })
  return mesh === `m_${base32(hash.subarray(0, 16))}`
}

function isSigned(statement: Statement, log: ReadonlyArray<Statement>): boolean {
  const { sig, ...unsigned } = statement
  const key = statement.kind === "genesis"
    ? statement.body.root
    : log.flatMap(memberKeysOf).find((one) => idOf("u", one) === statement.by) ?? ""
  return ed25519.verify(unbase(sig), underDomain("cm1/statement", unsigned), unbase(key))
}

function memberKeysOf(statement: Statement): ReadonlyArray<string> {
  if (statement.kind === "genesis") return [statement.body.member.key]
  return statement.kind === "member_add" ? [statement.body.key] : []
}

function recordsOf(statement: Statement): ReadonlyArray<DeviceRecord> {
  return statement.kind === "genesis" || statement.kind === "member_add"
    ? [statement.body.device]
    : []
}

/** Salt (32), then meta and content with their lengths. */
function unpacked(plain: Buffer) {
  const contentAt = 36 + plain.readUInt32BE(32)
  const end = contentAt + 4 + plain.readUInt32BE(contentAt)
  return {
    meta: plain.subarray(36, contentAt).toString(),
    content: plain.subarray(contentAt + 4, end).toString(),
    said: plain.subarray(32, end)
  }
}

function hashOf(domain: string, value: unknown): string {
  return digest(underDomain(domain, value))
}

function digest(bytes: Uint8Array): string {
  return base(blake2b(bytes, { dkLen: 32 }))
}

function idOf(letter: string, key: string): string {
  return `${letter}_${base32(blake2b(unbase(key), { dkLen: 32 }).subarray(0, 16))}`
}

function underDomain(domain: string, object: unknown): Uint8Array {
  return Buffer.from(`${domain}\0${canonical(object)}`)
}

/** Canonical JSON in one line: enough for values without numbers that ECMAScript writes unlike JSON. */
function canonical(value: unknown): string {
  return JSON.stringify(
    value,
    (_, part: unknown) =>
      typeof part !== "object" || part === null || Array.isArray(part)
        ? part
        : Object.fromEntries(
          Object.entries(part).toSorted(([one], [other]) => one < other ? -1 : 1)
        )
  )
}

function base32(bytes: Uint8Array): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, "0")).join("")
  const groups = bits.match(/.{1,5}/g) ?? []
  return groups.map((group) =>
    "abcdefghijklmnopqrstuvwxyz234567"[Number.parseInt(group.padEnd(5, "0"), 2)]
  ).join("")
}

function base(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64url")
}

function unbase(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, "base64url"))
}
