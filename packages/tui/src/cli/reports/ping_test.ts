import { assert, describe, it } from "@effect/vitest"
import { NOW, peer } from "../../testing/samples.ts"
import { lineOf, type Pinged, pingList } from "./ping.ts"

const page = { plain: true, colour: false, interactive: false, now: NOW }

const ping: Pinged = {
  name: "bob\u001B[31m",
  device_id: peer.device_id,
  state: "away",
  since: NOW - 60_000,
  number: 1,
  legs: [{ leg: "daemon", ms: 1 }],
  answered: false,
  failure: { code: "broker_unreachable", message: "Nobody\nanswers" }
}

describe("pingList", () => {
  it("is a row a ping in a pipe, in which nothing of it paints", () => {
    assert.strictEqual(
      pingList.text({ items: [ping] }, page),
      "bob\t1.0 ms\t-\t-\t-\tNobody answers; it got as far as the daemon of this machine; its machine has been away for 1m"
    )
  })
})

describe("lineOf", () => {
  it("says no more of a peer's state than is known", () => {
    const { since: _, ...unseen } = { ...ping, name: "bob", state: "unknown" as const, legs: [] }

    assert.strictEqual(lineOf(unseen, page), "bob: Nobody\nanswers")
  })
})
