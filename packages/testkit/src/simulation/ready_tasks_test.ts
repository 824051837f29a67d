import { assert, describe, it } from "@effect/vitest"
import { makeChance } from "./chance.ts"
import { ReadyTasks, type TaskOwner } from "./ready_tasks.ts"

function owner(state: TaskOwner["state"], held: Array<() => void> = []): TaskOwner {
  return { state, hold: (run) => held.push(run) }
}

describe("ReadyTasks", () => {
  it("runs all that is ready, and what that makes ready", () => {
    const ready = new ReadyTasks(makeChance("ready"))
    const [running, ran] = [owner("running"), new Set<string>()]
    ready.add(running, () => ready.add(running, () => ran.add("later")))
    ready.add(running, () => ran.add("at once"))
    ready.drain()
    assert.sameMembers([...ran], ["at once", "later"])
  })

  it("draws what runs next", () => {
    const orders = Array.from({ length: 50 }, (_, seed) => {
      const ready = new ReadyTasks(makeChance(`${seed}`))
      const ran: Array<string> = []
      for (const name of ["a", "b", "c"]) ready.add(owner("running"), () => ran.push(name))
      ready.drain()
      return ran.join("")
    })
    assert.lengthOf(new Set(orders), 6)
  })

  it("drops what is of the dead, and keeps what is of the frozen", () => {
    const ready = new ReadyTasks(makeChance("ready"))
    const [held, ran] = [new Array<() => void>(), new Array<string>()]
    ready.add(owner("dead"), () => ran.push("dead"))
    ready.add(owner("frozen", held), () => ran.push("frozen"))
    ready.drain()
    assert.deepStrictEqual(ran, [])
    assert.lengthOf(held, 1)
  })
})
