import { flipBase64Url, makeMesh, memberOf, prekeyOf } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Result, Schema } from "effect"
import { sign, toBase64Url } from "./crypto/mod.ts"
import { prekeyIdOf } from "./key_ids.ts"
import { Prekey, signPrekey, verifyPrekey } from "./prekeys.ts"

const mesh = makeMesh("prekeys", ["ada", "bob"])
const prekey = prekeyOf(mesh, "bob")
const bob = memberOf(mesh, "bob").record.key
const ada = memberOf(mesh, "ada").record.key

describe("signPrekey", () => {
  it("names the prekey by its key", () => {
    assert.strictEqual(prekey.id, prekeyIdOf(prekey.key))
  })

  it("comes back from JSON as it was", () => {
    const again = Schema.decodeUnknownResult(Prekey)(JSON.parse(JSON.stringify(prekey)))

    assert.deepStrictEqual(again, Result.succeed(prekey))
  })
})

describe("verifyPrekey", () => {
  it("accepts the device's own", () => {
    assert.isTrue(verifyPrekey(prekey, bob))
  })

  it.each<[string, Partial<Prekey>]>([
    ["another mesh", { mesh: makeMesh("other", ["ada"]).membership.mesh }],
    ["another device", { device: memberOf(mesh, "ada").device }],
    ["another id", { id: prekeyIdOf(prekeyOf(mesh, "ada").key) }],
    ["another key", { key: prekeyOf(mesh, "ada").key }],
    ["another key with its id", pick(prekeyOf(mesh, "ada"))],
    ["another time", { at: prekey.at + 1 }],
    ["a signature with a bit turned", { sig: flipBase64Url(prekey.sig, 77) }]
  ])("refuses %s", (_, change) => {
    assert.isFalse(verifyPrekey({ ...prekey, ...change }, bob))
  })

  it("refuses the key of another device", () => {
    assert.isFalse(verifyPrekey(prekey, ada))
  })

  it("refuses a device that signs for another", () => {
    const { deviceKey, prekeyPair } = memberOf(mesh, "ada")
    const key = toBase64Url(prekeyPair.publicKey)
    const forged = signPrekey({ mesh: prekey.mesh, device: prekey.device, key, at: 1 }, deviceKey)

    assert.isFalse(verifyPrekey(forged, ada))
    assert.isFalse(verifyPrekey(forged, bob))
  })

  it("refuses an id of another key that the device itself has signed", () => {
    const { sig: _, ...unsigned } = { ...prekey, id: prekeyOf(mesh, "ada").id }
    const sig = toBase64Url(sign("cm1/prekey", unsigned, memberOf(mesh, "bob").deviceKey))

    assert.isFalse(verifyPrekey({ ...unsigned, sig }, bob))
  })

  it("refuses a key with any bit turned", () => {
    for (let bit = 0; bit < 1216 * 8; bit += 89) {
      const key = flipBase64Url(prekey.key, bit)
      assert.isFalse(verifyPrekey({ ...prekey, key }, bob))
      assert.isFalse(verifyPrekey({ ...prekey, key, id: prekeyIdOf(key) }, bob))
    }
  })
})

function pick({ id, key }: Prekey): Partial<Prekey> {
  return { id, key }
}
