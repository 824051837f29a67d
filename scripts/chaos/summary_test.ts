import type { HistoryEvent } from "@claudemesh/testkit/simulation"
import { assert, describe, it } from "@effect/vitest"
import type { ChaosRun } from "./run.ts"
import { failuresOf, summaryOf } from "./summary.ts"

const name = { mesh: "m", sender: "ada", id: "1" }

/** Killed between every two steps of one message; healed before it arrives. */
const history: ReadonlyArray<HistoryEvent> = [
  { type: "accepted", at: 0, ...name, to: ["bob"], text: "hello", ttl: 7 },
  { type: "killed", at: 1, process: "broker" },
  { type: "admitted", at: 2, ...name, broker: "broker", attempt: 0 },
  { type: "killed", at: 3, process: "m1" },
  { type: "healed", at: 10 },
  { type: "inboxed", at: 30, ...name, device: "bob", text: "hello" },
  { type: "killed", at: 31, process: "m0" },
  { type: "shown", at: 32, ...name, recipient: "bob", state: "inboxed", reason: undefined },
  { type: "killed", at: 33, process: "m0" }
]

const run: ChaosRun = {
  strikes: [
    strikeOf({ kind: "kill", victim: "broker", millis: 0 }),
    strikeOf({ kind: "kill", victim: 1, millis: 0 }),
    strikeOf({ kind: "kill", victim: 0, millis: 0 })
  ],
  history,
  crashes: [],
  asked: 1,
  accepted: 1
}

function strikeOf(fault: ChaosRun["strikes"][number]["fault"]) {
  return { fault, isWarm: false, messages: 0, afterMillis: 0, isAwaited: true }
}

describe("summaryOf", () => {
  it("counts faults by kind, what kills interrupted, and how late things came", () => {
    const lines = summaryOf(run, []).map((line) => line.replace(/\s+/g, " "))

    assert.includeMembers(lines, [
      "kill -9 of a daemon 2",
      "kill -9 of the broker 1",
      "messages accepted 1 of 1",
      "delivered 1",
      "caught by a kill 1 queued, 1 admitted, 1 inboxed and not signed for",
      "delay, all along p50 30 ms, p99 30 ms, at most 30 ms, of 1",
      "delay, after all had healed p50 20 ms, p99 20 ms, at most 20 ms, of 1"
    ])
  })
})

describe("failuresOf", () => {
  it("has what is broken, who crashed, and what nobody would take", () => {
    const failures = failuresOf(
      { ...run, crashes: ["m1 ended by itself"], asked: 3 },
      [{ guarantee: "G1", at: 1_500, what: "message 1 never reached bob" }]
    )

    assert.deepStrictEqual(failures, [
      "G1 at 1.500 s: message 1 never reached bob",
      "m1 ended by itself",
      "2 of 3 messages were never accepted"
    ])
  })
})
