import {
  flipBase64Url,
  MADE_AT,
  makeMesh,
  memberOf,
  messageIdOf,
  seededBytes
} from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Result, Schema } from "effect"
import { toBase64Url } from "./crypto/mod.ts"
import { limits } from "./limits.ts"
import {
  type Receipt,
  type ReceiptParties,
  ReceiptsContent,
  signReceipt,
  verifyReceipt
} from "./receipts.ts"

const mesh = makeMesh("receipts", ["ada", "bob", "cy"])
const [ada, bob, cy] = [memberOf(mesh, "ada"), memberOf(mesh, "bob"), memberOf(mesh, "cy")]
const parties: ReceiptParties = {
  mesh: mesh.membership.mesh,
  sender: ada.device,
  recipient: bob.device
}
const said = {
  id: messageIdOf(1),
  commit: toBase64Url(seededBytes("receipts")(32)),
  stage: "inboxed",
  at: MADE_AT
} as const
const receipt = signReceipt(said, parties, bob.deviceKey)
const decode = Schema.decodeUnknownResult(ReceiptsContent)

describe("verifyReceipt", () => {
  it("accepts what the recipient's device said", () => {
    assert.isTrue(verifyReceipt(receipt, parties, bob.record.key))
    const rejected = signReceipt(
      { ...said, stage: "rejected", reason: "expired" },
      parties,
      bob.deviceKey
    )
    assert.isTrue(verifyReceipt(rejected, parties, bob.record.key))
  })

  it("does not mind what else the parties carry", () => {
    const more = { ...parties, name: "bob" }

    assert.isTrue(verifyReceipt(receipt, more, bob.record.key))
    assert.strictEqual(signReceipt(said, more, bob.deviceKey).sig, receipt.sig)
  })

  it.each<[string, Partial<Receipt>]>([
    ["another message", { id: messageIdOf(2) }],
    ["another content under the same id", { commit: flipBase64Url(said.commit, 0) }],
    ["a later stage", { stage: "answered" }],
    ["a reason", { reason: "expired" }],
    ["another time", { at: MADE_AT + 1 }],
    ["a turned bit", { sig: flipBase64Url(receipt.sig, 12) }]
  ])("refuses a receipt turned into one of %s", (_, change) => {
    assert.isFalse(verifyReceipt({ ...receipt, ...change }, parties, bob.record.key))
  })

  it.each<[string, Partial<ReceiptParties>]>([
    ["mesh", { mesh: makeMesh("other", ["ada"]).membership.mesh }],
    ["sender", { sender: cy.device }],
    ["recipient", { recipient: cy.device }]
  ])("refuses a receipt for another %s", (_, change) => {
    assert.isFalse(verifyReceipt(receipt, { ...parties, ...change }, bob.record.key))
  })

  it("refuses a receipt that somebody else made for bob", () => {
    const forged = signReceipt(said, parties, ada.deviceKey)

    assert.isFalse(verifyReceipt(forged, parties, bob.record.key))
  })
})

describe("ReceiptsContent", () => {
  it("reads receipts as they were written, up to the limit", () => {
    const many = Array.from({ length: limits.receiptsPerEnvelopeMax }, () => receipt)

    assert.deepStrictEqual(
      decode(JSON.stringify({ receipts: many })),
      Result.succeed({ receipts: many })
    )
    assert.isTrue(Result.isFailure(decode(JSON.stringify({ receipts: [...many, receipt] }))))
  })

  it("fits the largest message when it is full", () => {
    const longest = { ...receipt, stage: "in_context", reason: "daemon_start_failed" }
    const many = Array.from({ length: limits.receiptsPerEnvelopeMax }, () => longest)

    assert.isBelow(JSON.stringify({ receipts: many }).length, limits.contentBytesMax)
  })

  it.each(["", "{", "[]", "{\"receipts\":{}}", "{\"receipts\":[{}]}", "[".repeat(32_768)])(
    "refuses %s without throwing",
    (text) => {
      assert.isTrue(Result.isFailure(decode(text)))
    }
  )
})
