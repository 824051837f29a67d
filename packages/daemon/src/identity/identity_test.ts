import { toBase64Url } from "@claudemesh/protocol/crypto"
import { seededBytes } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Redacted } from "effect"
import { inspect } from "node:util"
import { identityOf, type Labels, type Seeds } from "./identity.ts"

describe("identityOf", () => {
  it("makes the same identity of the same seeds, with a root for a founder only", () => {
    const identity = identityOf(labels, seeds("a"))
    const { device, member, sealing } = seeds("a")

    assert.strictEqual(identityOf(labels, seeds("a")).deviceId, identity.deviceId)
    assert.notStrictEqual(identityOf(labels, seeds("b")).memberId, identity.memberId)
    assert.isDefined(identity.root)
    assert.isUndefined(identityOf(labels, { device, member, sealing }).root)
    const { proof, ...record } = identity.record
    assert.isNotEmpty(proof)
    assert.deepStrictEqual(record, {
      key: toBase64Url(identity.device.publicKey),
      identity: toBase64Url(identity.sealing.publicKey),
      name: "box"
    })
  })

  it("shows no secret when it is printed", () => {
    const secrets = seeds("a")

    const printed = inspect(identityOf(labels, secrets), { depth: 10 }) +
      JSON.stringify(identityOf(labels, secrets))

    for (const seed of [secrets.root, secrets.member, secrets.device, secrets.sealing]) {
      assert.notInclude(printed, toBase64Url(Redacted.value(seed)))
      assert.notInclude(printed, Redacted.value(seed).slice(0, 8).join(", "))
    }
  })
})

const labels: Labels = {
  meshName: "home",
  broker: "http://127.0.0.1:4455",
  memberName: "ada",
  deviceName: "box",
  createdAt: 1
}

function seeds(run: string): Seeds & { readonly root: Redacted.Redacted<Uint8Array> } {
  const bytes = seededBytes(run)
  return {
    root: Redacted.make(bytes(32)),
    member: Redacted.make(bytes(32)),
    device: Redacted.make(bytes(32)),
    sealing: Redacted.make(bytes(32))
  }
}
