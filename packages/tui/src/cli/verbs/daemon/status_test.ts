import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { type as typed } from "../../../testing/command_line.ts"
import { daemonStatus, offlineMesh } from "../../../testing/samples.ts"

describe("daemon status", () => {
  it.effect("is about the process alone: 0 where it runs, 7 where not", () =>
    Effect.gen(function*() {
      const daemon = {
        daemon: { status: () => Effect.succeed({ ...daemonStatus, meshes: [offlineMesh] }) }
      }
      const there = yield* typed(["daemon", "status"], { daemon })
      const absent = yield* typed(["daemon", "status"])

      assert.deepStrictEqual({ exit: there.exit, stdout: there.stdout }, {
        exit: 0,
        stdout: "daemon\trunning\npid\t4194305\nhome\t/srv/ada/.claudemesh\n"
      })
      assert.deepStrictEqual({ exit: absent.exit, stdout: absent.stdout }, {
        exit: 7,
        stdout: "not running\t/nowhere/home\n"
      })
    }))
})
