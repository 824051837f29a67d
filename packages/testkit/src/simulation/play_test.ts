import { assert, describe, it } from "@effect/vitest"
import { eventsOf } from "./history.ts"
import { drawPlan } from "./plan.ts"
import { play, SETTLE_MILLIS_MAX } from "./play.ts"
import { scenario, type ScenarioFacts } from "./scenario.ts"
import { broker, send } from "./steps.ts"
import { programs } from "./testing/programs.ts"
import type { FrameSeen } from "./trace.ts"

function played(facts: ScenarioFacts) {
  return play(scenario(facts), { programs })
}

describe("play", () => {
  it("plays the steps of a plan at their times, and ends when all is settled", () => {
    const history = played({ steps: [send(1_000), send(2_000)] })
    assert.deepStrictEqual(eventsOf(history, "accepted").map(({ at }) => at), [1_000, 2_000])
    assert.lengthOf(eventsOf(history, "inboxed"), 2)
    const [healed, ended] = [eventsOf(history, "healed")[0], eventsOf(history, "ended")[0]]
    assert.isDefined(healed)
    assert.isDefined(ended)
    assert.isBelow(ended.at - healed.at, SETTLE_MILLIS_MAX)
  })

  it("heals what would last for longer", () => {
    const freeze = { at: 500, act: "freeze", host: broker(0), millis: 86_400_000 } as const
    const history = played({ healsAt: 5_000, steps: [freeze, send(1_000)] })
    assert.lengthOf(eventsOf(history, "inboxed"), 1)
  })

  it("does nothing that is due only after everything has healed", () => {
    const history = played({ healsAt: 2_000, steps: [send(1_000), send(3_000)] })
    assert.lengthOf(eventsOf(history, "accepted"), 1)
  })

  it("gives the same history for the same plan, frame by frame", () => {
    const plan = drawPlan("11", "safety")
    const runs = Array.from({ length: 2 }, () => {
      const frames: Array<FrameSeen> = []
      return { history: play(plan, { programs, onFrame: (frame) => frames.push(frame) }), frames }
    })
    assert.isAbove(runs[0]?.frames.length ?? 0, 20)
    assert.deepStrictEqual(runs[0], runs[1])
  })
})
