import type { ReviseSession } from "@claudemesh/protocol/local_api"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { type as typed } from "../../../testing/command_line.ts"
import { session } from "../../../testing/samples.ts"

function daemonThatHears(heard: Array<ReviseSession>) {
  return {
    sessions: {
      list: () => Effect.succeed({ items: [session] }),
      revise: ({ payload: { groups, role } }: { readonly payload: ReviseSession }) => {
        heard.push({ ...(role !== undefined && { role }), ...(groups && { groups }) })
        return Effect.succeed({
          ...session,
          ...(typeof role === "string" && { role }),
          ...(groups && { groups })
        })
      }
    }
  }
}

describe("session role", () => {
  it.effect("gives it a word, and takes that away", () =>
    Effect.gen(function*() {
      const heard: Array<ReviseSession> = []
      const daemon = daemonThatHears(heard)

      const given = yield* typed(["session", "role", "api", "Reviewer"], { daemon })
      yield* typed(["session", "role", "api", ""], { daemon })

      assert.strictEqual(given.stdout, `${session.id}\tapi\tpush\tworking\treviewer\t\n`)
      assert.deepStrictEqual(heard, [{ role: "reviewer" }, { role: null }])
    }))

  it.effect("is one word", () =>
    Effect.gen(function*() {
      const { exit, stderr } = yield* typed(["session", "role", "api", "two words"], {
        daemon: daemonThatHears([])
      })

      assert.strictEqual(exit, 2)
      assert.include(stderr, "Cannot use \"two words\" as a role")
      assert.include(stderr, "Use 1 to 32 of a-z")
    }))
})

describe("session groups", () => {
  it.effect("puts it into groups, and takes it out of them", () =>
    Effect.gen(function*() {
      const heard: Array<ReviseSession> = []
      const daemon = daemonThatHears(heard)

      const given = yield* typed(["session", "groups", "api", "web:lead,all"], { daemon })
      yield* typed(["session", "groups", "api", ""], { daemon })

      assert.strictEqual(given.stdout, `${session.id}\tapi\tpush\tworking\t\tweb:lead,all\n`)
      assert.deepStrictEqual(heard, [
        { groups: [{ name: "web", role: "lead" }, { name: "all" }] },
        { groups: [] }
      ])
    }))

  it.effect("says how they are written where they are not", () =>
    Effect.gen(function*() {
      const { exit, stderr } = yield* typed(["session", "groups", "api", "a b"], {
        daemon: daemonThatHears([])
      })

      assert.strictEqual(exit, 2)
      assert.include(stderr, "Cannot read the groups \"a b\": \"a b\" is no group; write them as")
    }))
})
