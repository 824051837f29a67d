import type { ReviseSession } from "@claudemesh/protocol/local_api"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { type as typed } from "../../../testing/command_line.ts"
import { session } from "../../../testing/samples.ts"

function daemonThatHears(heard: Array<ReviseSession>) {
  return {
    sessions: {
      list: () => Effect.succeed({ items: [session] }),
      revise: ({ payload }: { readonly payload: ReviseSession }) => {
        heard.push(payload)
        return Effect.succeed({ ...session, mode: payload.mode ?? session.mode })
      }
    }
  }
}

describe("session mode", () => {
  it.effect("is asked of the agent of that name, or of the beginning of its id", () =>
    Effect.gen(function*() {
      const heard: Array<ReviseSession> = []
      const daemon = daemonThatHears(heard)

      for (const name of ["API", session.id.slice(0, 8)]) {
        const { exit, stdout } = yield* typed(["session", "mode", name, "inbox"], { daemon })
        assert.deepStrictEqual([exit, stdout], [
          0,
          `${session.id}\tapi\tinbox\tworking\t\t\t\n`
        ])
      }
      assert.deepStrictEqual(heard, [{ mode: "inbox" }, { mode: "inbox" }])
    }))

  it.effect("names those that run here where none is called so", () =>
    Effect.gen(function*() {
      const { exit, stderr } = yield* typed(["session", "mode", "web", "off"], {
        daemon: daemonThatHears([])
      })

      assert.notStrictEqual(exit, 0)
      assert.include(stderr, "No agent \"web\" runs here")
      assert.include(stderr, "api")
    }))

  it.effect("is none but those there are", () =>
    Effect.gen(function*() {
      const { exit, stderr } = yield* typed(["session", "mode", "api", "loud"], {
        daemon: daemonThatHears([])
      })

      assert.strictEqual(exit, 2)
      assert.include(stderr, "loud")
    }))
})

describe("session status", () => {
  it.effect("is said as a person's word", () =>
    Effect.gen(function*() {
      const heard: Array<ReviseSession> = []

      yield* typed(["session", "status", "api", "dnd"], { daemon: daemonThatHears(heard) })

      assert.deepStrictEqual(heard, [{ status: { is: "dnd", source: "manual" } }])
    }))
})

describe("session unprompted", () => {
  it.effect("says whether the agent asks first", () =>
    Effect.gen(function*() {
      const heard: Array<ReviseSession> = []
      const daemon = daemonThatHears(heard)

      const { exit } = yield* typed(["session", "unprompted", "api", "no"], { daemon })

      assert.strictEqual(exit, 0)
      assert.deepStrictEqual(heard, [{ unprompted: false }])
    }))

  it.effect("tells an agent that only its user may say that it asks", () =>
    Effect.gen(function*() {
      const unprompted = { ...session, unprompted: true }
      const daemon = {
        sessions: {
          list: () => Effect.succeed({ items: [unprompted] }),
          revise: () => Effect.succeed(unprompted)
        }
      }
      const { exit, stderr } = yield* typed(["session", "unprompted", "api", "no"], { daemon })

      assert.strictEqual(exit, 6)
      assert.include(stderr, "Cannot say for agent \"api\" that it asks first")
    }))
})
