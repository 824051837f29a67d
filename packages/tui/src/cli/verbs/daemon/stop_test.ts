import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { documentOf, type as typed } from "../../../testing/command_line.ts"

describe("daemon stop", () => {
  it.effect("is content where none runs", () =>
    Effect.gen(function*() {
      const { exit, stdout } = yield* typed(["daemon", "stop", "--json"])

      assert.strictEqual(exit, 0)
      assert.deepStrictEqual((yield* documentOf(stdout)).item, { was_running: false })
    }))
})
