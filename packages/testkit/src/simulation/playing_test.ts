import { assert, describe, it } from "@effect/vitest"
import { Function } from "effect"
import { lost, playIn, startLater, undoAfter } from "./playing.ts"
import { scenario } from "./scenario.ts"
import { machine } from "./steps.ts"
import { programs } from "./testing/programs.ts"
import { World } from "./world.ts"

function makePlay() {
  return playIn(
    new World({ plan: scenario({ steps: [] }), programs, onFrame: Function.constVoid })
  )
}

describe("undoAfter", () => {
  it("undoes something when its time is over, or earlier if all is undone, and once", () => {
    const play = makePlay()
    const undone: Array<string> = []
    undoAfter(play, 100, () => undone.push("in time"))
    undoAfter(play, 900, () => undone.push("early"))
    play.world.runUntil(100)
    for (const once of play.undo) once()
    play.world.runUntil(1_000)
    assert.deepStrictEqual(undone, ["in time", "early"])
    assert.strictEqual(play.undo.size, 0)
  })
})

it("starts a machine later, and tells what a broker lost", () => {
  const play = makePlay()
  startLater(play, machine(0), 100)
  play.world.runUntil(100)
  assert.isTrue(play.world.host(machine(0)).isUp)
  lost(play, 0)
  assert.deepInclude(play.world.history.at(-1), { type: "store_lost", broker: "broker 0" })
  play.world.destroy()
})
