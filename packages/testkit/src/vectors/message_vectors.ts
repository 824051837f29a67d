/**
 * Vectors of what devices sign: prekeys, attaching, receipts.
 *
 * @module
 */
import {
  AttachClaim,
  Bytes32,
  Bytes64,
  DeviceId,
  MeshId,
  Prekey,
  prekeyIdOf,
  Receipt,
  signAttach,
  signReceipt,
  verifyAttach,
  verifyPrekey,
  verifyReceipt
} from "@claudemesh/protocol"
import { toBase64Url } from "@claudemesh/protocol/crypto"
import { Schema } from "effect"
import { MADE_AT, makeMesh, memberOf } from "../made_mesh.ts"
import { messageIdOf, prekeyOf } from "../made_message.ts"
import { flipBase64Url } from "../mutations.ts"
import { signed, vectorSet } from "./vector_set.ts"

/** Prekeys. */
export const prekeyVectors = vectorSet({
  file: "prekeys",
  about: "A prekey and the Ed25519 key of the device it should be of.",
  given: Schema.Null,
  input: Schema.Struct({ prekey: Prekey, device_key: Bytes32 }),
  answer: ({ device_key, prekey }) => signed(verifyPrekey(prekey, device_key)),
  cases: () => {
    const mesh = makeMesh("prekey vectors", ["ada", "bob"])
    const prekey = prekeyOf(mesh, "ada")
    const other = prekeyOf(mesh, "bob")
    const device_key = memberOf(mesh, "ada").record.key
    const key = flipBase64Url(prekey.key, 9_000)
    const elsewhere = makeMesh("elsewhere", ["ada"]).membership.mesh
    return {
      given: null,
      cases: [
        ["the device's own", "ok", { prekey, device_key }],
        ["another device's", "bad_signature", { prekey: other, device_key }],
        ["under another device's name", "bad_signature", {
          prekey: { ...prekey, device: other.device },
          device_key
        }],
        ["of another mesh", "bad_signature", {
          prekey: { ...prekey, mesh: elsewhere },
          device_key
        }],
        ["of another time", "bad_signature", {
          prekey: { ...prekey, at: MADE_AT + 1 },
          device_key
        }],
        ["with a turned bit in its key", "bad_signature", {
          prekey: { ...prekey, key },
          device_key
        }],
        ["with a turned bit in its key and the id of that", "bad_signature", {
          prekey: { ...prekey, key, id: prekeyIdOf(key) },
          device_key
        }]
      ] as const
    }
  }
})

const Challenge = Schema.Struct({ nonce: Schema.String, origin: Schema.String })

/** Attaching. */
export const attachVectors = vectorSet({
  file: "attach",
  about: "What a device answers to a broker's challenge, and whether the signature covers both.",
  given: Schema.Null,
  input: Schema.Struct({
    claim: AttachClaim,
    challenge: Challenge,
    sig: Bytes64,
    device_key: Bytes32
  }),
  answer: ({ challenge, claim, device_key, sig }) =>
    signed(verifyAttach(claim, challenge, { sig, deviceKey: device_key })),
  cases: () => {
    const mesh = makeMesh("attach vectors", ["ada", "bob"])
    const { device, deviceKey, record } = memberOf(mesh, "ada")
    const [nonce, store_epoch, incarnation, other] = [16, 16, 16, 16].map((size) =>
      toBase64Url(mesh.bytes(size))
    )
    const challenge = { nonce: nonce ?? "", origin: "https://mesh.acme.dev" }
    const have = { statements: 3, store_epoch: store_epoch ?? "", upto: 41 }
    const claim = {
      mesh: mesh.membership.mesh,
      device,
      have,
      incarnation: incarnation ?? "",
      versions: [1]
    }
    const first = { ...claim, have: { statements: 1, upto: 0 } }
    const whole = {
      claim,
      challenge,
      sig: signAttach(claim, challenge, deviceKey),
      device_key: record.key
    }
    const firstSig = signAttach(first, challenge, deviceKey)
    const known = { ...claim, have: { ...have, last: { seq: 40, id: messageIdOf(1) } } }
    const knownSig = signAttach(known, challenge, deviceKey)
    const evil = { ...challenge, origin: "https://mesh.evil.dev" }
    return {
      given: null,
      cases: [
        ["the device's answer", "ok", whole],
        ["the answer of a new device", "ok", { ...whole, claim: first, sig: firstSig }],
        ["on another connection", "bad_signature", {
          ...whole,
          challenge: { ...challenge, nonce: other ?? "" }
        }],
        ["at another broker", "bad_signature", { ...whole, challenge: evil }],
        ["for another mesh", "bad_signature", {
          ...whole,
          claim: { ...claim, mesh: makeMesh("elsewhere", ["ada"]).membership.mesh }
        }],
        ["for another inbox", "bad_signature", {
          ...whole,
          claim: { ...claim, incarnation: other ?? "" }
        }],
        ["with another cursor", "bad_signature", {
          ...whole,
          claim: { ...claim, have: { ...have, upto: 40 } }
        }],
        ["with other versions", "bad_signature", {
          ...whole,
          claim: { ...claim, versions: [1, 2] }
        }],
        ["with another device's key", "bad_signature", {
          ...whole,
          device_key: memberOf(mesh, "bob").record.key
        }],
        ["with a turned bit", "bad_signature", { ...whole, sig: flipBase64Url(whole.sig, 1) }],
        ["with an entry to know the store by", "ok", { ...whole, claim: known, sig: knownSig }],
        ["with another entry", "bad_signature", {
          ...whole,
          claim: { ...known, have: { ...have, last: { seq: 40, id: messageIdOf(2) } } },
          sig: knownSig
        }]
      ] as const
    }
  }
})

const Parties = Schema.Struct({ mesh: MeshId, sender: DeviceId, recipient: DeviceId })

/** Receipts. */
export const receiptVectors = vectorSet({
  file: "receipts",
  about: "A receipt, between whom it is, and the Ed25519 key of the recipient's device.",
  given: Schema.Null,
  input: Schema.Struct({ receipt: Receipt, parties: Parties, device_key: Bytes32 }),
  answer: ({ device_key, parties, receipt }) => signed(verifyReceipt(receipt, parties, device_key)),
  cases: () => {
    const mesh = makeMesh("receipt vectors", ["ada", "bob", "cy"])
    const [ada, bob, cy] = ["ada", "bob", "cy"].map((name) => memberOf(mesh, name))
    if (ada === undefined || bob === undefined || cy === undefined) throw new Error("Too few")
    const parties = { mesh: mesh.membership.mesh, sender: ada.device, recipient: bob.device }
    const commit = toBase64Url(mesh.bytes(32))
    const said = { id: messageIdOf(1), commit, stage: "inboxed", at: MADE_AT } as const
    const receipt = signReceipt(said, parties, bob.deviceKey)
    const reasoned = { ...said, stage: "rejected", reason: "reseal" } as const
    const whole = { receipt, parties, device_key: bob.record.key }
    return {
      given: null,
      cases: [
        ["inboxed", "ok", whole],
        ["rejected, with a reason", "ok", {
          ...whole,
          receipt: signReceipt(reasoned, parties, bob.deviceKey)
        }],
        ["turned into a later stage", "bad_signature", {
          ...whole,
          receipt: { ...receipt, stage: "answered" as const }
        }],
        ["for another message", "bad_signature", {
          ...whole,
          receipt: { ...receipt, id: messageIdOf(2) }
        }],
        ["for other words under the same id", "bad_signature", {
          ...whole,
          receipt: { ...receipt, commit: flipBase64Url(commit, 0) }
        }],
        ["for another sender", "bad_signature", {
          ...whole,
          parties: { ...parties, sender: cy.device }
        }],
        ["in the name of another recipient", "bad_signature", {
          ...whole,
          parties: { ...parties, recipient: cy.device }
        }],
        ["made by the sender itself", "bad_signature", {
          ...whole,
          receipt: signReceipt(said, parties, ada.deviceKey)
        }]
      ] as const
    }
  }
})
