import { assert, describe, it } from "@effect/vitest"
import { Array, Effect, Function } from "effect"
import { makeChance } from "./chance.ts"
import { crashPairs, crashPoints } from "./crash_points.ts"
import type { Programs } from "./parts.ts"
import { scenario } from "./scenario.ts"
import { machine } from "./steps.ts"
import { programs } from "./testing/programs.ts"

/** A daemon that makes three calls to its disk. */
const brief: Programs = {
  ...programs,
  daemon: {
    install: Function.constVoid,
    run: ({ disk, process }) =>
      Effect.sync(() => {
        const database = disk.openFor(process)
        for (const name of ["a", "b", "c"]) database.exec(`CREATE TABLE IF NOT EXISTS ${name} (x)`)
        return { send: () => Effect.succeed(""), leave: () => Effect.void }
      })
  }
}

const EMPTY = scenario({ steps: [] })

function callsOf(stride: number): ReadonlyArray<number> {
  const options = { programs: brief, hosts: [machine(0)], stride }
  return Array.fromIterable(crashPoints(EMPTY, options)).flatMap(({ kills }) =>
    kills.map(({ calls }) => calls)
  )
}

describe("crashPoints", () => {
  it("are before and after each call to a disk", () => {
    assert.deepStrictEqual(callsOf(1), [0, 1, 2, 3, 4, 5])
  })

  it("are every so manieth of them, if that is enough", () => {
    assert.deepStrictEqual(callsOf(4), [0, 4])
  })
})

describe("crashPairs", () => {
  it("are two places, of which at least one was met", () => {
    const pairs = Array.fromIterable(crashPairs(EMPTY, {
      programs: brief,
      hosts: [machine(0), machine(1)],
      chance: makeChance("pairs"),
      count: 20,
      callsMax: 12
    }))
    assert.isTrue(pairs.length > 5 && pairs.length < 20)
    assert.isTrue(pairs.every(({ kills }) => kills.length === 2))
  })
})
