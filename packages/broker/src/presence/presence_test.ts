import { assert, describe, it } from "@effect/vitest"
import { sampleDevice, sampleMesh } from "../store/testing/sample.ts"
import { Presence } from "./presence.ts"

const mailbox = { mesh: sampleMesh("m"), device: sampleDevice("a") }
const times = { leaseMillis: 90, showMillis: 5 }

function at(awake: number) {
  return { awake, wall: 1_000 + awake }
}

function attachedAt(awake: number) {
  const presence = new Presence(mailbox, { state: "gone", leaseEnds: 0, wall: 1_000 })
  presence.attached(at(awake), 5)
  presence.show()
  return presence
}

describe("Presence", () => {
  it("shows at once that a device is here, and since when", () => {
    const presence = new Presence(mailbox, { state: "gone", leaseEnds: 0, wall: 1_000 })
    presence.attached(at(7), 5)
    assert.strictEqual(presence.news(at(7)), "ripe")
    assert.deepInclude(presence.show(), { state: "attached", since: 1_007 })
    assert.strictEqual(presence.news(at(7)), "none")
  })

  it("shows that it is away once that has lasted, with the time at which it began", () => {
    const presence = attachedAt(7)
    presence.lost(at(20), times)
    assert.strictEqual(presence.news(at(24)), "unripe")
    assert.deepInclude(presence.seen(at(24)), { state: "attached", since: 1_007 })
    assert.deepInclude(presence.seen(at(25)), { state: "away", since: 1_020 })
  })

  it("shows that it is back once that has lasted, since when it was here before", () => {
    const presence = attachedAt(7)
    presence.lost(at(20), times)
    presence.show()
    presence.attached(at(40), 5)
    assert.deepInclude(presence.seen(at(44)), { state: "away", since: 1_020 })
    assert.deepInclude(presence.seen(at(45)), { state: "attached", since: 1_007 })
  })

  it("is gone when its lease has run out, not before, and begins anew then", () => {
    const presence = attachedAt(7)
    presence.lost(at(20), times)
    assert.isFalse(presence.endLease(at(109)))
    assert.isTrue(presence.endLease(at(110)))
    assert.deepInclude(presence.show(), { state: "gone", since: 1_110 })
    presence.attached(at(200), 5)
    assert.deepInclude(presence.seen(at(200)), { state: "attached", since: 1_200 })
  })
})
