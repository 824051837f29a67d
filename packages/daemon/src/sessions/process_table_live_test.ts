import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { spawn, spawnSync } from "node:child_process"
import { layerPs, ProcessTable } from "./process_table.ts"

/** A pid that no process of this machine can have. */
const NOBODY = 2 ** 30

const tables = [
  { name: "of this system", layer: ProcessTable.layer, isThere: true },
  {
    name: "from ps",
    layer: layerPs,
    isThere: spawnSync("ps", ["-o", "lstart=", "-p", "1"]).status === 0
  }
]

describe("ProcessTable", () => {
  for (const { isThere, layer, name } of tables) {
    it.live.skipIf(!isThere)(
      `${name} tells who runs, the same each time, and who has ended`,
      () =>
        Effect.gen(function*() {
          const { marks } = yield* ProcessTable
          const child = spawn(process.execPath, ["-e", "setTimeout(() => {}, 60_000)"])
          const pid = child.pid ?? 0
          const first = yield* marks([process.pid, pid, NOBODY])
          const second = yield* marks([process.pid, pid, NOBODY])
          const ended = Effect.callback<void>((resume) => {
            child.once("exit", () => resume(Effect.void))
          })
          yield* Effect.andThen(Effect.sync(() => child.kill()), ended)

          const third = yield* marks([process.pid, pid])

          assert.hasAllKeys(first, [process.pid, pid])
          assert.deepStrictEqual(second, first)
          assert.deepStrictEqual([...third.keys()], [process.pid])
          assert.deepStrictEqual(yield* marks([]), new Map())
          assert.deepStrictEqual(yield* marks([NOBODY]), new Map())
        }).pipe(Effect.provide(layer))
    )
  }
})
