import { assert, describe, it } from "@effect/vitest"
import { daemonEvents, merged } from "./history.ts"
import type { DaemonFact, Witnessed } from "./witness.ts"

const key = { mesh: "m", id: "1" }
const accepted: DaemonFact = { type: "accepted", ...key, text: "hello", ttl: 7 }

function addressed(device: string): DaemonFact {
  return { type: "addressed", ...key, device }
}

function shown(state: string): DaemonFact {
  return { type: "shown", ...key, recipient: "bob", state, reason: undefined }
}

describe("daemonEvents", () => {
  it("tells to whom a message was accepted, in the name of the device", () => {
    const witnessed: ReadonlyArray<Witnessed<DaemonFact>> = [
      { at: 105, event: accepted },
      { at: 105, event: addressed("bob") },
      { at: 105, event: addressed("carol") }
    ]

    assert.deepStrictEqual(daemonEvents(witnessed, { beganAt: 100, device: "ada" }), [
      {
        type: "accepted",
        at: 5,
        ...key,
        text: "hello",
        ttl: 7,
        sender: "ada",
        to: ["bob", "carol"]
      }
    ])
  })

  it("keeps the order of commits although the clock was set back", () => {
    const witnessed: ReadonlyArray<Witnessed<DaemonFact>> = [
      { at: 200, event: shown("admitted") },
      { at: 150, event: shown("inboxed") }
    ]

    const events = daemonEvents(witnessed, { beganAt: 100, device: "ada" })

    assert.deepStrictEqual(events.map(({ at }) => at), [100, 100])
  })
})

describe("merged", () => {
  it("has what was caused in the same millisecond behind its cause", () => {
    const sender = daemonEvents(
      [{ at: 1, event: accepted }, { at: 2, event: shown("inboxed") }],
      { beganAt: 0, device: "ada" }
    )
    const recipient = daemonEvents(
      [{ at: 2, event: { type: "inboxed", ...key, sender: "ada", text: "hello" } }],
      { beganAt: 0, device: "bob" }
    )

    const types = merged([sender, recipient]).map(({ type }) => type)

    assert.deepStrictEqual(types, ["accepted", "inboxed", "shown"])
  })
})
