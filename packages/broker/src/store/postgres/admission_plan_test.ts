import { assert, describe, it } from "@effect/vitest"
import { sampleAdmission, sampleDevice, sampleMesh } from "../testing/sample.ts"
import { smallLimits } from "../testing/unread_rules.ts"
import { AdmissionPlan, type KnownEnvelope } from "./admission_plan.ts"
import type { LockedDevice } from "./locked_device.ts"

const [a, b] = [sampleDevice("a"), sampleDevice("b")]

function lockedDevice(num: number): LockedDevice {
  const sums = { unreadEntries: 0, unreadBytes: 0, sentBytes: 0 }
  return { num, live: true, attachEpoch: 0, sseqFloor: 0, logEnd: 0, ...sums, changed: false }
}

function planning(before: ReadonlyArray<KnownEnvelope> = [], unread = 0) {
  const devices = new Map([[a, lockedDevice(1)], [b, lockedDevice(2)]])
  const plan = new AdmissionPlan({
    quotas: smallLimits,
    find: (_, device) => devices.get(device),
    before,
    unread: new Map([[sampleMesh("m"), unread]])
  })
  return { plan, devices }
}

describe("AdmissionPlan", () => {
  it("decides each over what those before it have changed", () => {
    const { devices, plan } = planning()
    const batch = [1, 1, 2].map((number) => sampleAdmission(number, { to: [a, b] }))
    const outcomes = batch.map((admission) => plan.decide(admission))

    assert.deepStrictEqual(outcomes, [
      { type: "admitted", placed: [{ device: a, seq: 1 }, { device: b, seq: 1 }] },
      { type: "repeated" },
      { type: "admitted", placed: [{ device: a, seq: 2 }, { device: b, seq: 2 }] }
    ])
    const bytes = batch.map(({ text }) => text.length).slice(1).reduce((sum, one) => sum + one, 0)
    const sums = { logEnd: 2, unreadEntries: 2, unreadBytes: bytes, changed: true }
    assert.deepInclude(devices.get(a), { ...sums, sentBytes: 2 * bytes, sseqFloor: 2 })
    assert.deepInclude(devices.get(b), { ...sums, sentBytes: 0, sseqFloor: 0 })
    assert.deepStrictEqual([...plan.added], [[sampleMesh("m"), 2 * bytes]])
  })

  it("plans nothing of what it refuses", () => {
    const { header: { commit, id } } = sampleAdmission(1)
    const { devices, plan } = planning([{ num: 1, id, attempt: 0, commitment: commit }])

    assert.deepStrictEqual(plan.decide(sampleAdmission(1)), { type: "repeated" })
    assert.lengthOf(plan.bodies, 0)
    assert.isFalse([...devices.values()].some(({ changed }) => changed))
  })

  it("adds what it admits to what lay unread in the mesh before", () => {
    const { plan } = planning([], smallLimits.meshBytesMax - 20)
    const types = [1, 2].map((number) => plan.decide(sampleAdmission(number)).type)
    assert.deepStrictEqual(types, ["admitted", "mesh_full"])
  })
})
