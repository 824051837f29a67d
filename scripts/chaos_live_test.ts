/**
 * Goal: nothing accepted is lost, doubled or out of order, whatever happens to the processes and links in between.
 *
 * Method: a chaos run with few kills, as `npm run chaos` makes long ones, judged by the checker of the simulator.
 *
 * @module
 */
import { check } from "@claudemesh/testkit/simulation"
import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem } from "effect"
import { runChaos } from "./chaos/run.ts"
import { failuresOf } from "./chaos/summary.ts"

describe("an exchange of messages between three machines", () => {
  it.live(
    "survives kills, a wiped store, frozen processes and bad links",
    () =>
      Effect.gen(function*() {
        const fs = yield* FileSystem.FileSystem
        const directory = yield* fs.makeTempDirectoryScoped({ prefix: "cm-" })

        const run = yield* runChaos(
          { seed: "182", kills: 3, messages: 60, store: "sqlite" },
          { directory, onProgress: () => {} }
        )

        assert.deepStrictEqual(failuresOf(run, check(run.history)), [])
        assert.strictEqual(run.accepted, 60)
      }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)),
    120_000
  )
})
