import { assert, describe, it } from "@effect/vitest"
import { refused } from "@claudemesh/protocol/errors"
import { Effect } from "effect"
import { type as typed } from "../../testing/command_line.ts"
import { daemonStatus } from "../../testing/samples.ts"

describe("down", () => {
  it.effect("says so where nothing runs", () =>
    Effect.gen(function*() {
      const { exit, stdout } = yield* typed(["down"])

      assert.deepStrictEqual({ exit, stdout }, { exit: 0, stdout: "No daemon was running\n" })
    }))

  it.effect("is refused what the daemon refuses", () =>
    Effect.gen(function*() {
      const daemon = {
        daemon: {
          status: () => Effect.succeed(daemonStatus),
          shutdown: () => Effect.fail(refused("not_permitted", "Cannot stop"))
        }
      }
      const { exit } = yield* typed(["down"], { daemon })

      assert.strictEqual(exit, 6)
    }))
})
