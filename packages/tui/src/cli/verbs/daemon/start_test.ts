import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { type as typed } from "../../../testing/command_line.ts"
import { daemonStatus } from "../../../testing/samples.ts"

describe("daemon start", () => {
  it.effect("says what runs then", () =>
    Effect.gen(function*() {
      const daemon = { daemon: { status: () => Effect.succeed(daemonStatus) } }
      const { exit, stdout } = yield* typed(["daemon", "start"], { daemon, terminal: true })

      assert.strictEqual(exit, 0)
      assert.match(stdout, /^daemon {2}running, pid 4194305, version 0\.1\.0, started 1h ago\n/)
    }))
})
