import { assert, describe, it } from "@effect/vitest"
import { Effect, Schedule } from "effect"
import { startProcess } from "../real_process.ts"
import { descendantsOf, killTree } from "./process_tree.ts"

/** Its child holds what the parent's output goes to, so that the output ends with both. */
const CHILD_OF_ITS_OWN_GROUP = `
require("node:child_process").spawn("sleep", ["60"], { detached: true, stdio: "inherit" })
console.log("up")
setInterval(() => {}, 1000)`

describe("killTree", () => {
  it.live("kills a child that has left the group", () =>
    Effect.gen(function*() {
      const args = ["-e", CHILD_OF_ITS_OWN_GROUP]
      const env = { PATH: "/usr/bin:/bin" }
      const parent = yield* startProcess({ command: process.execPath, args, env })
      yield* parent.output.pipe(
        Effect.filterOrFail((output) => output !== ""),
        Effect.retry(Schedule.spaced("5 millis"))
      )
      killTree(parent.pid)

      yield* parent.exit
    }).pipe(Effect.scoped))
})

describe("descendantsOf", () => {
  it("finds children of children and nobody else", () => {
    const rows = [[2, 1], [3, 2], [4, 9], [5, 3]] as const
    assert.deepStrictEqual(descendantsOf(1, rows), [2, 3, 5])
  })
})
