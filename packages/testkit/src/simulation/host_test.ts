import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect } from "effect"
import { DiskDatabase } from "./disk_database.ts"
import { Host } from "./host.ts"
import type { MachineWorld } from "./parts.ts"
import { WORLD_BEGAN_AT } from "./process.ts"
import { makeSurroundings } from "./testing/surroundings.ts"

function makeHost(program: () => Effect.Effect<string, string> = runs) {
  const surroundings = makeSurroundings()
  const started: Array<MachineWorld> = []
  const ended: Array<string> = []
  const host = new Host({
    name: "machine 0",
    surroundings,
    isUnsynced: false,
    makeDatabase: () => new DiskDatabase(),
    run: (world) =>
      Effect.suspend(() => {
        started.push(world)
        return program()
      }).pipe(
        Effect.tap(() => Effect.addFinalizer(() => Effect.sync(() => ended.push("in order"))))
      )
  })
  host.start()
  surroundings.pass(10)
  return { ...surroundings, host, started, ended }
}

function runs(): Effect.Effect<string> {
  return Effect.succeed("running")
}

describe("Host", () => {
  it("runs its program until it is stopped in order", () => {
    const { ended, happened, host, pass } = makeHost()
    assert.strictEqual(host.running, "running")
    host.stop()
    pass(10)
    assert.deepStrictEqual(ended, ["in order"])
    assert.isFalse(host.isUp)
    assert.deepStrictEqual(happened.map(({ type }) => type), ["started", "killed"])
  })

  it("ends without a word where it is killed, and runs again when it is started", () => {
    const { ended, host, pass, started } = makeHost()
    host.kill()
    pass(10)
    assert.deepStrictEqual(ended, [])
    assert.isUndefined(host.running)
    host.start()
    host.start()
    pass(10)
    assert.lengthOf(started, 2)
    assert.strictEqual(started[0]?.disk, started[1]?.disk)
  })

  it("starts a program again that could not start", () => {
    let tries = 0
    const { host, pass } = makeHost(() => ++tries === 1 ? Effect.fail("no luck") : runs())
    assert.isUndefined(host.running)
    pass(10_000)
    assert.strictEqual(host.running, "running")
  })

  it("is another machine start after it lost power, and only then", () => {
    const { host } = makeHost()
    host.kill()
    assert.strictEqual(host.boots, 0)
    host.losePower()
    assert.strictEqual(host.boots, 1)
  })

  it("has another disk after it was wiped: an empty one, or one with what it is given", () => {
    const { host } = makeHost()
    host.disk.database.exec("CREATE TABLE notes (text TEXT)")
    const copy = host.disk.copy()
    host.wipe()
    assert.throws(() => host.disk.database.exec("SELECT * FROM notes"))
    host.wipe(copy)
    assert.deepStrictEqual(host.disk.database.prepare("SELECT * FROM notes").all(), [])
  })

  it("gives its processes a wall clock that is as wrong as it is said to be", () => {
    const read: Array<number> = []
    const { host, pass } = makeHost(() =>
      Effect.delay(Clock.currentTimeMillis, "1 second").pipe(
        Effect.map((now) => `${read.push(now - WORLD_BEGAN_AT)}`)
      )
    )
    host.skewMillis = 5_000
    pass(1_000)
    assert.deepStrictEqual(read, [6_000])
  })

  it("tells what its program logs as an error, and nothing less", () => {
    const { happened } = makeHost(() =>
      Effect.logError("it broke").pipe(Effect.andThen(Effect.logInfo("all is well")), Effect.as(""))
    )
    assert.deepStrictEqual(happened.filter(({ type }) => type === "logged"), [
      { type: "logged", process: "machine 0", text: "it broke" }
    ])
  })
})
