import { flipBase64Url, makeMesh, memberOf, seededBytes } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { type AttachChallenge, type AttachClaim, signAttach, verifyAttach } from "./attach.ts"
import { toBase64Url } from "./crypto/mod.ts"
import { Attach } from "./frames.ts"

const mesh = makeMesh("attach", ["ada", "bob"])
const bytes = seededBytes("attach")
const ada = memberOf(mesh, "ada")
const challenge: AttachChallenge = {
  nonce: toBase64Url(bytes(16)),
  origin: "https://mesh.acme.dev"
}
const claim: AttachClaim = {
  mesh: mesh.membership.mesh,
  device: ada.device,
  have: { statements: 3, store_epoch: toBase64Url(bytes(16)), upto: 41 },
  incarnation: toBase64Url(bytes(16)),
  versions: [1]
}
const proof = { sig: signAttach(claim, challenge, ada.deviceKey), deviceKey: ada.record.key }

describe("verifyAttach", () => {
  it("accepts the device's answer to this challenge", () => {
    assert.isTrue(verifyAttach(claim, challenge, proof))
  })

  it("accepts a device that attaches for the first time", () => {
    const first = { ...claim, have: { statements: 1, upto: 0 } }
    const sig = signAttach(first, challenge, ada.deviceKey)

    assert.isTrue(verifyAttach(first, challenge, { ...proof, sig }))
  })

  it("accepts a whole frame as the claim: what it does not sign does not count", () => {
    const frame = Attach.make({ ...claim, sig: proof.sig })

    assert.isTrue(verifyAttach(frame, challenge, proof))
    assert.strictEqual(signAttach(frame, challenge, ada.deviceKey), proof.sig)
  })

  it.each<[string, Partial<AttachChallenge>]>([
    ["another connection", { nonce: toBase64Url(bytes(16)) }],
    ["another broker", { origin: "https://mesh.evil.dev" }],
    ["the same host without TLS", { origin: "http://mesh.acme.dev" }],
    ["another port", { origin: "https://mesh.acme.dev:8443" }]
  ])("refuses an answer replayed to %s", (_, change) => {
    assert.isFalse(verifyAttach(claim, { ...challenge, ...change }, proof))
  })

  it.each<[string, Partial<AttachClaim>]>([
    ["another mesh", { mesh: makeMesh("other", ["ada"]).membership.mesh }],
    ["another device", { device: memberOf(mesh, "bob").device }],
    ["another incarnation", { incarnation: toBase64Url(bytes(16)) }],
    ["another cursor", { have: { ...claim.have, upto: 42 } }],
    ["a shorter log", { have: { ...claim.have, statements: 2 } }],
    ["another store", { have: { ...claim.have, store_epoch: toBase64Url(bytes(16)) } }],
    ["no store", { have: { statements: 3, upto: 41 } }],
    ["other versions", { versions: [] }]
  ])("refuses an answer that was made for %s", (_, change) => {
    assert.isFalse(verifyAttach({ ...claim, ...change }, challenge, proof))
  })

  it("refuses another key and a turned bit", () => {
    const bob = memberOf(mesh, "bob")

    assert.isFalse(verifyAttach(claim, challenge, { ...proof, deviceKey: bob.record.key }))
    const sig = flipBase64Url(proof.sig, 300)
    assert.isFalse(verifyAttach(claim, challenge, { ...proof, sig }))
  })
})
