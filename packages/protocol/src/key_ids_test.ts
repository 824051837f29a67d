import { flipBase64Url, seededBytes } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { hash, toBase32, toBase64Url } from "./crypto/mod.ts"
import { deviceIdOf, inviteIdOf, memberIdOf, meshIdOf, prekeyIdOf } from "./key_ids.ts"

const key = toBase64Url(seededBytes("key ids")(32))

describe("ids of keys", () => {
  it("are the first 16 bytes of the hash of the key, after a letter", () => {
    const stem = toBase32(hash(seededBytes("key ids")(32)).subarray(0, 16))

    assert.strictEqual(memberIdOf(key), `u_${stem}`)
    assert.strictEqual(deviceIdOf(key), `d_${stem}`)
    assert.strictEqual(inviteIdOf(key), `i_${stem}`)
    assert.strictEqual(prekeyIdOf(key), `p_${stem}`)
  })

  it("differ for keys that differ in one bit", () => {
    const ids = new Set(
      Array.from({ length: 256 }, (_, bit) => memberIdOf(flipBase64Url(key, bit)))
    )

    assert.strictEqual(ids.add(memberIdOf(key)).size, 257)
  })
})

describe("meshIdOf", () => {
  it("is the first 16 bytes of the hash of the genesis", () => {
    const genesis = seededBytes("genesis")(32)

    assert.strictEqual(meshIdOf(genesis), `m_${toBase32(genesis.subarray(0, 16))}`)
  })
})
