import { assert, describe, it } from "@effect/vitest"
import { NodeServices } from "@effect/platform-node"
import { Effect } from "effect"
import { programOutput } from "./program_output.ts"

function node(code: string, secondsMax = 20) {
  return programOutput({ program: process.execPath, args: ["-e", code], secondsMax })
}

describe("programOutput", () => {
  it.live("answers with what was printed, and how it ended", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* node("console.log('2.1.330 (Claude Code)')"), {
        exit: 0,
        text: "2.1.330 (Claude Code)"
      })
      assert.strictEqual((yield* node("process.exit(3)"))?.exit, 3)
    }).pipe(Effect.provide(NodeServices.layer)))

  it.live("says nothing of a program that does not end, ignores signals, or is not there", () =>
    Effect.gen(function*() {
      const deaf = "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)"
      assert.isUndefined(yield* node(deaf, 0.5))
      assert.isUndefined(
        yield* programOutput({ program: "/nowhere/claude", args: [], secondsMax: 1 })
      )
    }).pipe(Effect.provide(NodeServices.layer)))
})
