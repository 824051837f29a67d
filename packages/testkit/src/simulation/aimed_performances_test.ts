import { assert, describe, it } from "@effect/vitest"
import { eventsOf } from "./history.ts"
import { messageId } from "./names.ts"
import { play } from "./play.ts"
import { scenario, type ScenarioFacts } from "./scenario.ts"
import { broker, machine, once, send, sends } from "./steps.ts"
import { programs } from "./testing/programs.ts"
import type { FrameSeen } from "./trace.ts"

function played(facts: ScenarioFacts) {
  const frames: Array<FrameSeen> = []
  const history = play(scenario(facts), { programs, onFrame: (frame) => frames.push(frame) })
  function countOf(type: string, facts: Partial<FrameSeen>) {
    return frames.filter((frame) =>
      frame.text.includes(`"type":"${type}"`) &&
      (facts.to ?? frame.to) === frame.to && (facts.from ?? frame.from) === frame.from
    ).length
  }
  return { history, countOf }
}

describe("aimed acts", () => {
  it("take from a broker what it had not written out", () => {
    const { history } = played({
      isBrokerUnsynced: true,
      steps: [
        { at: 900, act: "hold_writes", broker: 0 },
        once("admitted", { act: "lose_power", host: broker(0), downMillis: 100 }, 2),
        ...sends(1_000, 2)
      ]
    })
    const times = eventsOf(history, "admitted").filter(({ id }) => id === messageId(1))
    assert.lengthOf(times, 2)
  })

  it("let a commit fail, with and without its having happened", () => {
    const accepted = [true, false].map((isDone) => {
      const fail = { act: "fail_commit", host: machine(0), isDone } as const
      const { history } = played({ steps: [once("before accepted", fail), send(1_000)] })
      return eventsOf(history, "accepted").length
    })
    assert.deepStrictEqual(accepted, [1, 0])
  })

  it("put a copy of a database in its place, or none, and tell since when it knows nothing", () => {
    const restore = { at: 3_000, act: "restore_disk", machine: 1, downMillis: 100 } as const
    const since = [[{ at: 2_000, act: "save_disk", machine: 1 } as const], []].map((saved) => {
      const { history } = played({ steps: [send(1_000), ...saved, restore] })
      return eventsOf(history, "forgot").map((event) => event.since)
    })
    assert.deepStrictEqual(since, [[2_000], [0]])
  })

  it("let a machine make new prekeys", () => {
    const lose = { at: 2_000, act: "lose_prekeys", machine: 1, downMillis: 100 } as const
    const [before, after] = [[], [lose]].map((steps) =>
      played({ steps: [send(1_000), ...steps, send(4_000)] }).countOf("put_prekey", {
        from: "machine 1"
      })
    )
    // Others first, and those again once its peer has sealed to the lost one.
    assert.strictEqual(after, (before ?? 0) + 2)
  })

  it("hold up what is under way, and not what is on newer connections", () => {
    const { history } = played({
      steps: [
        { at: 900, act: "stall", machine: 1, millis: 60_000 },
        { at: 1_500, act: "cut", machine: 1 },
        { at: 1_600, act: "kill", host: machine(1), downMillis: 100 },
        send(1_000)
      ]
    })
    const [inboxed] = eventsOf(history, "inboxed")
    assert.isBelow(inboxed?.at ?? Infinity, 10_000)
  })

  it("leave one end of a connection in the dark", () => {
    const half = { at: 900, act: "half_open", machine: 1, deaf: "machine" } as const
    const { history } = played({ healsAt: 120_000, steps: [half, send(1_000)] })
    const [inboxed] = eventsOf(history, "inboxed")
    assert.isAbove(inboxed?.at ?? 0, 30_000)
  })

  it("send what was recorded from elsewhere, and again from where it came", () => {
    const { countOf } = played({
      steps: [
        send(1_000),
        { at: 2_000, act: "intrude", broker: 0, frames: "send" },
        { at: 2_000, act: "resend", machine: 0, frames: "send" }
      ]
    })
    assert.isAtLeast(countOf("send", { from: "stranger" }), 1)
    assert.isAtLeast(countOf("send", { from: "machine 0" }), 2)
  })

  it("let another broker pass on what a machine says, and refuse it so", () => {
    const { countOf } = played({
      steps: [
        { at: 900, act: "relay", broker: 0, millis: 5_000 },
        { at: 1_000, act: "cut", machine: 1 }
      ]
    })
    assert.isAtLeast(countOf("refused", { to: "machine 1" }), 1)
    assert.strictEqual(countOf("attached", { to: "machine 1" }), 2)
  })

  it("push to a machine what another one was pushed, under the next number", () => {
    const misdirect = { at: 2_000, act: "misdirect", from: 1, to: 2 } as const
    const { countOf, history } = played({
      machines: 3,
      steps: [send(1_000), send(1_000, { to: 2 }), misdirect]
    })
    assert.strictEqual(countOf("push", { to: "machine 2" }), 2)
    assert.lengthOf(eventsOf(history, "inboxed"), 2)
  })

  it("run a copy of a machine beside it", () => {
    const clone = { at: 2_000, act: "clone", machine: 1, millis: 5_000 } as const
    const { countOf } = played({ steps: [send(1_000), clone] })
    // It comes back twice, as does the one that it is a copy of, before one of the two gives way.
    assert.strictEqual(countOf("attached", { to: "machine 1 copied" }), 3)
  })
})
