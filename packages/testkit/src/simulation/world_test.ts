import { assert, describe, it } from "@effect/vitest"
import { Function } from "effect"
import { scenario } from "./scenario.ts"
import { programs } from "./testing/programs.ts"
import { broker, machine } from "./steps.ts"
import { meshOf, originOf, World } from "./world.ts"

function makeWorld(facts: Partial<Parameters<typeof scenario>[0]> = {}) {
  const plan = scenario({ steps: [], ...facts })
  return new World({ plan, programs, onFrame: Function.constVoid })
}

function attachedIn({ history }: World) {
  return history.filter(({ type }) => type === "attached").length
}

describe("World", () => {
  it("starts brokers and machines, which attach in each of their meshes", () => {
    const world = makeWorld({ machines: 3, brokers: 2, meshes: 2 })
    world.start()
    world.runUntil(2_000)
    assert.strictEqual(attachedIn(world), 6)
    world.destroy()
  })

  it("knows its machines and brokers by number", () => {
    const world = makeWorld()
    assert.strictEqual(world.host(machine(1)).name, "machine 1")
    assert.strictEqual(world.host(broker(0)).name, "broker 0")
    assert.throws(() => world.host(machine(2)), "There is no machine 2")
    assert.match(world.deviceOf(1, 0), /^d_/)
    assert.strictEqual(originOf(0), "http://broker-0.test")
  })

  it("tells what happens with the time at which it does, and lets others wait for it", () => {
    const world = makeWorld()
    const seen: Array<string> = []
    world.moments.await("healed", 1, () => seen.push("healed"))
    world.runUntil(500)
    world.tell({ type: "healed" })
    assert.deepStrictEqual(world.history, [{ type: "healed", at: 500 }])
    assert.deepStrictEqual(seen, ["healed"])
  })

  it("copies a machine, keys and all", () => {
    const world = makeWorld()
    world.start()
    world.runUntil(2_000)
    const clone = world.clone(1)
    clone.start()
    world.runUntil(4_000)
    assert.strictEqual(clone.name, "machine 1 copied")
    assert.isDefined(clone.running)
    world.destroy()
  })

  it("has strangers, who are of no mesh", () => {
    assert.strictEqual(makeWorld().stranger().state, "running")
  })
})

describe("meshOf", () => {
  it("is the same for the same plan", () => {
    const plan = scenario({ steps: [] })
    assert.strictEqual(meshOf(plan, 0), meshOf(plan, 0))
    assert.deepStrictEqual([...meshOf(plan, 0).members.keys()], ["m0", "m1"])
  })
})
