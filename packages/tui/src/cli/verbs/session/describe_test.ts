import type { ReviseSession } from "@claudemesh/protocol/local_api"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { type as typed } from "../../../testing/command_line.ts"
import { session } from "../../../testing/samples.ts"

function daemonThatHears(heard: Array<ReviseSession>) {
  return {
    sessions: {
      list: () => Effect.succeed({ items: [session] }),
      revise: ({ payload: { caps, groups, role } }: { readonly payload: ReviseSession }) => {
        heard.push({
          ...(role !== undefined && { role }),
          ...(groups && { groups }),
          ...(caps !== undefined && { caps })
        })
        return Effect.succeed({
          ...session,
          ...(typeof role === "string" && { role }),
          ...(groups && { groups }),
          ...(caps && { caps })
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

      assert.strictEqual(given.stdout, `${session.id}\tapi\tpush\tworking\treviewer\t\t\n`)
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

      assert.strictEqual(given.stdout, `${session.id}\tapi\tpush\tworking\t\tweb:lead,all\t\n`)
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

describe("session caps", () => {
  it.effect("limits it to what is said, and lifts the limit", () =>
    Effect.gen(function*() {
      const heard: Array<ReviseSession> = []
      const daemon = daemonThatHears(heard)

      const limited = yield* typed(["session", "caps", "api", "Read, dm"], { daemon })
      const lifted = yield* typed(["session", "caps", "api", "all"], { daemon })

      assert.strictEqual(limited.stdout, `${session.id}\tapi\tpush\tworking\t\t\tread,dm\n`)
      assert.strictEqual(lifted.stdout, `${session.id}\tapi\tpush\tworking\t\t\t\n`)
      assert.deepStrictEqual(heard, [{ caps: ["read", "dm"] }, { caps: null }])
    }))

  it.effect("names the capabilities where one of them is none", () =>
    Effect.gen(function*() {
      const heard: Array<ReviseSession> = []
      const { exit, stderr } = yield* typed(["session", "caps", "api", "dm,fly"], {
        daemon: daemonThatHears(heard)
      })

      assert.strictEqual(exit, 2)
      assert.include(stderr, "Cannot use \"dm,fly\" as capabilities")
      assert.include(stderr, "dm, read, peers, daemon")
      assert.deepStrictEqual(heard, [])
    }))
})
