import { assert, describe, it } from "@effect/vitest"
import type { PingReport } from "@claudemesh/protocol/local_api"
import { Effect } from "effect"
import { mesh, peer } from "../testing/samples.ts"
import { roundTrip, roundTripFinding } from "./round_trip_check.ts"
import { machine, running } from "./testing/fake_machine.ts"

const MESH = { mesh: mesh.mesh, mesh_name: mesh.name }
const { device_id, name, state } = peer
const answered: PingReport = {
  name,
  device_id,
  state,
  legs: [{ leg: "broker", ms: 2 }, { leg: "admitted", ms: 3 }, { leg: "answered", ms: 7 }]
}
const failure = { code: "timed_out" as const, message: "no answer within 2s" }

describe("roundTrip", () => {
  it.effect("asks somebody who is there for a sign of life", () =>
    Effect.gen(function*() {
      const daemon = running({
        roster: {
          peers: () => Effect.succeed({ ...MESH, items: [{ ...peer, self: true }, peer] })
        },
        calls: { ping: () => Effect.succeed({ items: [answered] }) }
      })
      const [finding] = yield* Effect.provide(roundTrip, machine({ daemon }))

      assert.strictEqual(finding?.status, "ok")
      assert.strictEqual(finding?.says, "\"bob\" has answered after 12 ms")
    }))

  it.effect("is skipped where nobody else is online", () =>
    Effect.gen(function*() {
      const daemon = running({
        roster: { peers: () => Effect.succeed({ ...MESH, items: [{ ...peer, state: "gone" }] }) }
      })
      const [finding] = yield* Effect.provide(roundTrip, machine({ daemon }))
      assert.strictEqual(finding?.says, "nobody else is online")
    }))
})

describe("roundTripFinding", () => {
  it("fails where the broker is not reached, and warns where only the peer is silent", () => {
    const cut = roundTripFinding("bob", [{ ...answered, legs: [], failure }])
    const silent = roundTripFinding("bob", [
      { ...answered, legs: [{ leg: "broker", ms: 2 }], failure }
    ])

    assert.deepStrictEqual([cut.status, silent.status], ["failed", "warning"])
    assert.strictEqual(cut.fix?.cmd, "claudemesh ping bob")
  })
})
