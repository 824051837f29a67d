import type { DeviceId } from "@claudemesh/protocol"
import { assert, describe, it } from "@effect/vitest"
import { admitted, decide, type Lookups, type Party, type Placement } from "./admission_decision.ts"
import { sampleAdmission, sampleDevice, type SampleOptions } from "./testing/sample.ts"
import { smallLimits } from "./testing/unread_rules.ts"

const [a, b, c, d] = [
  sampleDevice("a"),
  sampleDevice("b"),
  sampleDevice("c"),
  sampleDevice("d")
]

const idle: Party = {
  live: true,
  attachEpoch: 0,
  sseqFloor: 3,
  logEnd: 0,
  unreadEntries: 0,
  unreadBytes: 0,
  sentBytes: 0
}

/** Finds three devices, of which one is not idle. */
function finding(which: DeviceId, changed: Partial<Party>): Lookups<Party>["find"] {
  const devices = new Map([a, b, c].map((device) => [device, idle]))
  devices.set(which, { ...idle, ...changed })
  return (_, device) => devices.get(device)
}

function decided(lookups: Partial<Lookups<Party>>, options: SampleOptions = {}, number = 5) {
  return decide({
    quotas: smallLimits,
    find: finding(b, { logEnd: 6 }),
    admittedBefore: () => [],
    unreadOf: () => 0,
    ...lookups
  }, sampleAdmission(number, options))
}

function placed(decision: ReturnType<typeof decided>): Placement<Party> {
  if (decision.type === "placed") return decision
  throw new Error(`refused: ${decision.type}`)
}

describe("decide", () => {
  it("gives each recipient's log its next number, beside the recipient itself", () => {
    const { entries, sender, sseqFloor } = placed(decided({}, { to: [c, b] }))
    assert.deepStrictEqual(entries, [
      { device: c, recipient: idle, seq: 1 },
      { device: b, recipient: { ...idle, logEnd: 6 }, seq: 7 }
    ])
    assert.strictEqual(sender, idle)
    assert.strictEqual(sseqFloor, 5)
    assert.strictEqual(placed(decided({}, {}, 2)).sseqFloor, 3)
  })

  it("numbers on where a device is addressed twice", () => {
    const { entries } = placed(decided({}, { to: [b, b] }))
    assert.deepStrictEqual(entries.map(({ seq }) => seq), [7, 8])
  })

  it("tells an attempt that comes again from another, and from other content", () => {
    const commitment = sampleAdmission(5).header.commit
    function before(attempt: number, commitment: string) {
      return decided({ admittedBefore: () => [{ attempt, commitment }] }).type
    }
    assert.strictEqual(before(0, commitment), "repeated")
    assert.strictEqual(before(1, commitment), "placed")
    assert.strictEqual(before(1, "other"), "id_reused")
  })

  it("refuses for the first of its reasons", () => {
    const known = { admittedBefore: () => [{ attempt: 0, commitment: "other" }] }
    const full = { unreadOf: () => smallLimits.meshBytesMax }
    const find = finding(a, { live: false })
    const wrong = { epoch: 1, to: [d] }
    assert.strictEqual(decided({ ...known, ...full, find }, wrong).type, "revoked_sender")
    assert.strictEqual(decided({ ...known, ...full }, wrong).type, "fenced")
    assert.strictEqual(decided({ ...known, ...full }, { to: [d] }).type, "id_reused")
    assert.deepStrictEqual(decided(full, { to: [b, d] }), { type: "unknown_recipient", device: d })
    assert.strictEqual(decided(full).type, "mesh_full")
  })

  it("names the mailbox that is full among the addressed", () => {
    const find = finding(c, { unreadEntries: smallLimits.mailboxEntriesMax })
    const decision = decided({ find }, { to: [b, c] })
    assert.deepStrictEqual(decision, { type: "mailbox_full", device: c })
  })
})

describe("admitted", () => {
  it("says where the envelope is, and nothing of whom it found there", () => {
    const outcome = admitted(placed(decided({}, { to: [b] })))
    assert.deepStrictEqual(outcome, { type: "admitted", placed: [{ device: b, seq: 7 }] })
  })
})
