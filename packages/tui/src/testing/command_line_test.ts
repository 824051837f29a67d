import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { type } from "./command_line.ts"

describe("type", () => {
  it.effect("keeps what is said, and the exit code", () =>
    Effect.gen(function*() {
      const { exit, stderr, stdout } = yield* type(["--version"])

      assert.deepStrictEqual({ exit, stderr, stdout }, {
        exit: 0,
        stderr: "",
        stdout: "claudemesh 0.1.0\n"
      })
    }))

  it.effect("plays no daemon where none is given", () =>
    Effect.gen(function*() {
      const { exit } = yield* type(["whoami"])

      assert.strictEqual(exit, 7)
    }))
})
