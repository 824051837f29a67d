import { assert, describe, it } from "@effect/vitest"
import { fullness, type Unread, type UnreadMailbox } from "./quotas.ts"
import { sampleDevice } from "./testing/sample.ts"

const [b, c] = [sampleDevice("b"), sampleDevice("c")]
const quotas = {
  mailboxEntriesMax: 10,
  mailboxBytesMax: 1_000,
  senderBytesMax: 2_000,
  meshBytesMax: 4_000
}

/** What lies in the mailbox of device b. */
function mailboxOfB(entries: number, bytes: number): ReadonlyArray<UnreadMailbox> {
  return [{ device: b, entries, bytes }]
}

const nothing = { mailboxes: mailboxOfB(0, 0), senderBytes: 0, meshBytes: 0 }

function fullFor(bytes: number, unread: Partial<Unread>, kind = "dm") {
  return fullness(quotas, { ...nothing, ...unread }, { class: kind, bytes })
}

describe("fullness", () => {
  it("leaves room up to each bound, and none beyond", () => {
    assert.isUndefined(fullFor(100, { mailboxes: mailboxOfB(9, 900) }))
    const mailbox = { type: "mailbox_full", device: b } as const
    assert.deepStrictEqual(fullFor(1, { mailboxes: mailboxOfB(10, 0) }), mailbox)
    assert.deepStrictEqual(fullFor(101, { mailboxes: mailboxOfB(0, 900) }), mailbox)
    assert.isUndefined(fullFor(100, { senderBytes: 1_900, meshBytes: 3_900 }))
    assert.deepStrictEqual(fullFor(100, { senderBytes: 1_901 }), { type: "sender_full" })
    assert.deepStrictEqual(fullFor(100, { meshBytes: 3_901 }), { type: "mesh_full" })
  })

  it("names the mailbox that is full, and counts an envelope once for each that it is to", () => {
    const ofC = { device: c, entries: 0, bytes: 0 }
    const full = [...mailboxOfB(0, 0), { ...ofC, entries: 10 }]
    assert.deepStrictEqual(fullFor(1, { mailboxes: full }), { type: "mailbox_full", device: c })
    const mailboxes = [...mailboxOfB(0, 0), ofC]
    assert.deepStrictEqual(fullFor(100, { mailboxes, senderBytes: 1_801 }), { type: "sender_full" })
    assert.deepStrictEqual(fullFor(100, { mailboxes, meshBytes: 3_801 }), { type: "mesh_full" })
  })

  it("keeps a quarter more for receipts", () => {
    const mailboxes = mailboxOfB(11, 1_150)
    const beyond = { mailboxes, senderBytes: 2_400, meshBytes: 4_900 }
    assert.isUndefined(fullFor(100, beyond, "receipt"))
    const full = { type: "mailbox_full", device: b } as const
    assert.deepStrictEqual(fullFor(101, beyond, "receipt"), full)
    assert.deepStrictEqual(fullFor(100, beyond), full)
  })
})
