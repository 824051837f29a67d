import { assert, describe, it } from "@effect/vitest"
import type { History } from "../history.ts"
import { messageId } from "../names.ts"
import { told } from "../testing/told.ts"
import {
  admitted,
  answered,
  arrived,
  endsAs,
  type Expectation,
  happened,
  inboxed,
  inboxedOnce,
  neverAccepted,
  nobodyGone,
  shownWithin
} from "./expectations.ts"

const first = { id: messageId(0) }
const HISTORY: History = [
  told("accepted", 1, first),
  told("answered", 1, first),
  told("admitted", 5, first),
  told("inboxed", 10, first),
  told("shown", 20, { ...first, state: "admitted" }),
  told("shown", 30, { ...first, state: "rejected", reason: "undecryptable" }),
  told("killed", 40)
]
const frame = {
  type: "frame",
  at: 1,
  from: "machine 0",
  to: "broker 0",
  text: "{\"type\":\"ack\",\"upto\":7}"
} as const

function isMet(expectation: Expectation, history = HISTORY): boolean {
  return expectation({ history, frames: [frame] }) === undefined
}

describe("expectations", () => {
  it.each<[string, Expectation, Expectation]>([
    ["inboxed", inboxedOnce(0), inboxedOnce(0, 1)],
    ["inboxed so often", inboxed(0, 1), inboxed(0, 2)],
    ["admitted so often", admitted(0, 1), admitted(0, 2)],
    ["never accepted", neverAccepted(1), neverAccepted(0)],
    ["answered", answered(0, "accepted"), answered(0, "accepted", "accepted")],
    ["not answered", answered(1), answered(0)],
    ["ended", endsAs(0, "rejected", "undecryptable"), endsAs(0, "rejected")],
    ["shown in time", shownWithin(0, "admitted", 20), shownWithin(0, "admitted", 18)],
    ["shown at all", shownWithin(0, "rejected", 100), shownWithin(0, "expired", 100)],
    ["happened", happened("killed", { process: "broker 0" }, 1), happened("killed", {}, 0)],
    ["arrived", arrived("ack", { from: "machine 0" }, 1), arrived("ack", { from: "machine 1" }, 1)],
    [
      "arrived with these words",
      arrived("ack", { text: ":7" }, 1),
      arrived("ack", { text: ":7" }, 0)
    ]
  ])("know whether a message or a frame was %s", (_, met, unmet) => {
    assert.isTrue(isMet(met))
    assert.isFalse(isMet(unmet))
  })

  it("know whether anybody was shown gone", () => {
    assert.isTrue(isMet(nobodyGone))
    assert.isFalse(isMet(nobodyGone, [told("presence", 1)]))
  })

  it("say what is missing", () => {
    assert.strictEqual(
      inboxed(0, 2)({ history: HISTORY, frames: [] }),
      "message 0 inboxed 1 times, not 2"
    )
  })
})
