import { assert, describe, it } from "@effect/vitest"
import { eventsOf, type History } from "./history.ts"
import type { Act } from "./plan.ts"
import { play } from "./play.ts"
import { scenario, type ScenarioFacts } from "./scenario.ts"
import { broker, machine, once, send, sends } from "./steps.ts"
import { programs } from "./testing/programs.ts"

/** What happens if something is done at one second, around a message at two. */
function after(act: Act, facts: Partial<ScenarioFacts> = {}): History {
  return play(scenario({ steps: [{ at: 1_000, ...act }, send(2_000)], ...facts }), { programs })
}

function killedIn(history: History): ReadonlyArray<string> {
  return eventsOf(history, "killed").map(({ process }) => process)
}

describe("the table of acts", () => {
  it("ends a process in each of its ways, and starts it again", () => {
    const acts: ReadonlyArray<Act> = [
      { act: "kill", host: machine(0), downMillis: 100 },
      { act: "kill_at_call", host: machine(0), calls: 3, downMillis: 100 },
      { act: "stop", host: machine(0), downMillis: 100 },
      { act: "lose_power", host: machine(0), downMillis: 100 }
    ]
    for (const act of acts) {
      const history = after(act, { steps: [{ at: 1_000, ...act }, send(1_000), send(3_000)] })
      assert.deepStrictEqual(killedIn(history), ["machine 0"], act.act)
      assert.isAtLeast(eventsOf(history, "inboxed").length, 1, act.act)
    }
  })

  it("tells that a broker has lost something where it has", () => {
    for (const act of ["wipe", "lose_power"] as const) {
      const host = { broker: 0, host: broker(0) }
      assert.lengthOf(eventsOf(after({ act, ...host, downMillis: 100 }), "store_lost"), 1)
    }
  })

  it("asks again with the words of before, or with others", () => {
    const answers = [false, true].map((isAltered) => {
      const repeat = { at: 3_000, act: "repeat", earlier: 0, isAltered } as const
      const history = play(scenario({ steps: [send(2_000), repeat] }), { programs })
      return eventsOf(history, "answered").map(({ answer }) => answer)
    })
    assert.deepStrictEqual(answers, [["accepted", "accepted"], ["accepted", "id_reused"]])
  })

  it("holds things up for a while", () => {
    const acts: ReadonlyArray<Act> = [
      { act: "freeze", host: machine(1), millis: 5_000 },
      { act: "fill_disk", host: machine(1), millis: 5_000 },
      { act: "partition", machine: 1, broker: 0, ways: "both", millis: 5_000 }
    ]
    for (const act of acts) {
      const [inboxed] = eventsOf(after(act), "inboxed")
      assert.isAtLeast(inboxed?.at ?? 0, 6_000, act.act)
    }
  })

  it("cuts a machine off for good", () => {
    const act = {
      act: "partition",
      machine: 1,
      broker: 0,
      ways: "both",
      millis: undefined
    } as const
    const history = after(act)
    assert.lengthOf(eventsOf(history, "cut_off"), 1)
    assert.lengthOf(eventsOf(history, "inboxed"), 0)
  })

  it("sets a clock, cuts, sends again, loses an answer, and nobody notices", () => {
    const acts: ReadonlyArray<Act> = [
      { act: "set_clock", host: machine(0), skewMillis: 60_000 },
      { act: "cut", machine: 0 },
      { act: "replay", machine: 0, frames: 5 },
      { act: "lose_answer", broker: 0 }
    ]
    for (const act of acts) assert.lengthOf(eventsOf(after(act), "inboxed"), 1, act.act)
  })

  it("lets a machine leave, but not the only admin", () => {
    const left = [1, 0].map((number) =>
      eventsOf(after({ act: "leave", machine: number, mesh: 0 }), "left").length
    )
    assert.deepStrictEqual(left, [1, 0])
  })

  it("does something in the middle of the nth of its moments", () => {
    const kill = { act: "kill", host: machine(1), downMillis: 100 } as const
    const history = play(
      scenario({ steps: [once("inboxed", kill, 2), ...sends(1_000, 3)] }),
      { programs }
    )
    const types = history.map(({ type }) => type)
    const second = types.indexOf("inboxed", types.indexOf("inboxed") + 1)
    assert.strictEqual(types.indexOf("killed"), second + 2) // after the fault is told
  })
})
