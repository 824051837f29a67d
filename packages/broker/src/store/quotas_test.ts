import { assert, describe, it } from "@effect/vitest"
import { fullness, type Unread } from "./quotas.ts"
import { sampleAdmission, sampleDevice, type SampleOptions } from "./testing/sample.ts"

const [b, c] = [sampleDevice("b"), sampleDevice("c")]
const quotas = {
  mailboxEntriesMax: 10,
  mailboxBytesMax: 1_000,
  senderBytesMax: 2_000,
  meshBytesMax: 4_000
}
const nothing = { mailboxes: [{ entries: 0, bytes: 0 }], senderBytes: 0, meshBytes: 0 }

function fullFor(bytes: number, unread: Partial<Unread>, options: SampleOptions = {}) {
  const { header } = sampleAdmission(1, options)
  return fullness(quotas, { ...nothing, ...unread }, { header, bytes })
}

describe("fullness", () => {
  it("leaves room up to each bound, and none beyond", () => {
    assert.isUndefined(fullFor(100, { mailboxes: [{ entries: 9, bytes: 900 }] }))
    const mailbox = { type: "mailbox_full", device: b } as const
    assert.deepStrictEqual(fullFor(1, { mailboxes: [{ entries: 10, bytes: 0 }] }), mailbox)
    assert.deepStrictEqual(fullFor(101, { mailboxes: [{ entries: 0, bytes: 900 }] }), mailbox)
    assert.isUndefined(fullFor(100, { senderBytes: 1_900, meshBytes: 3_900 }))
    assert.deepStrictEqual(fullFor(100, { senderBytes: 1_901 }), { type: "sender_full" })
    assert.deepStrictEqual(fullFor(100, { meshBytes: 3_901 }), { type: "mesh_full" })
  })

  it("names the mailbox that is full, and counts an envelope once for each that it is to", () => {
    const mailboxes = [{ entries: 0, bytes: 0 }, { entries: 10, bytes: 0 }]
    const both = { to: [b, c] }
    assert.deepStrictEqual(fullFor(1, { mailboxes }, both), { type: "mailbox_full", device: c })
    assert.deepStrictEqual(fullFor(100, { senderBytes: 1_801 }, both), { type: "sender_full" })
    assert.deepStrictEqual(fullFor(100, { meshBytes: 3_801 }, both), { type: "mesh_full" })
  })

  it("keeps a quarter more for receipts", () => {
    const receipt = { class: "receipt" } as const
    const mailboxes = [{ entries: 11, bytes: 1_150 }]
    const beyond = { mailboxes, senderBytes: 2_400, meshBytes: 4_900 }
    assert.isUndefined(fullFor(100, beyond, receipt))
    assert.deepStrictEqual(fullFor(101, beyond, receipt), { type: "mailbox_full", device: b })
    assert.deepStrictEqual(fullFor(100, beyond), { type: "mailbox_full", device: b })
  })
})
