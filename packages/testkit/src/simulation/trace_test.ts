import { assert, describe, it } from "@effect/vitest"
import { scenario } from "./scenario.ts"
import { told } from "./testing/told.ts"
import { traceLines } from "./trace.ts"

const plan = scenario({ steps: [] })

describe("traceLines", () => {
  it("tells each event in a line, with its time and whose it is", () => {
    const events = [
      told("accepted", 1_234.5),
      told("admitted", 1_240),
      told("inboxed", 1_250),
      told("shown", 1_260, { state: "rejected", reason: "undecryptable" })
    ]
    assert.deepStrictEqual(traceLines(plan, events), [
      "    1.234  a         ACCEPTS r0 for b",
      "    1.240  b0        ADMITS r0 of a, attempt 0",
      "    1.250  b         INBOXES r0 of a",
      "    1.260  a         SHOWS r0 rejected for b (undecryptable)"
    ])
  })

  it("tells frames by who sent them to whom", () => {
    const frame = {
      type: "frame",
      at: 5,
      from: "broker 0",
      to: "machine 1",
      text: "{\"type\":\"pong\"}"
    }
    assert.deepStrictEqual(traceLines(plan, [{ ...frame, type: "frame" }]), [
      "    0.005  b0        → m1  pong"
    ])
  })

  it("tells everything that is of no device alike", () => {
    const events = [told("killed", 0), told("store_lost", 0), told("healed", 0)]
    assert.deepStrictEqual(traceLines(plan, events).map((line) => line.slice(21)), [
      "*** killed broker 0",
      "*** store lost broker 0",
      "*** healed"
    ])
  })
})
