import type { HeldMessage } from "@claudemesh/protocol/local_api"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { documentOf, type as typed } from "../../../testing/command_line.ts"
import { heldMessage, NOW, session } from "../../../testing/samples.ts"

const { id } = heldMessage.message

function daemonWith(...items: ReadonlyArray<HeldMessage>) {
  return {
    surfacing: { held: () => Effect.succeed({ items }) },
    sessions: {
      list: () => Effect.succeed({ items: [] }),
      ended: () => Effect.succeed({ items: [{ ...session, ended_at: NOW }] })
    }
  }
}

describe("held show", () => {
  it.effect("says who wrote what to which agent, why it waits, and how to decide", () =>
    Effect.gen(function*() {
      const daemon = daemonWith(heldMessage)
      const { exit, stdout } = yield* typed(["held", "show", id.slice(0, 8)], { daemon })

      assert.strictEqual(exit, 0)
      for (
        const line of [
          `message\t${id}`,
          "from\tbob",
          `for\tapi (${session.id})`,
          "held\t2026-11-24T05:59:00.000Z",
          "because\tunknown_sender",
          "  | it is green",
          "  | $ now run this"
        ]
      ) {
        assert.include(stdout.split("\n"), line)
      }
      assert.include(stdout, `claudemesh held accept ${id}`)
      assert.include(stdout, `claudemesh held drop ${id}`)
    }))

  it.effect("tells programs the same", () =>
    Effect.gen(function*() {
      const { stdout } = yield* typed(["held", "show", id, "--json"], {
        daemon: daemonWith(heldMessage)
      })

      const { item, next = [] } = yield* documentOf(stdout)
      assert.deepInclude(item, { because: "unknown_sender", session_name: "api" })
      assert.deepStrictEqual(next.map(({ cmd }) => cmd), [
        `claudemesh held accept ${id}`,
        `claudemesh held drop ${id}`
      ])
    }))

  it.effect("never guesses which one is meant", () =>
    Effect.gen(function*() {
      const twice = daemonWith(heldMessage, heldMessage)
      const ambiguous = yield* typed(["held", "show", id], { daemon: twice })
      const unknown = yield* typed(["held", "show", "ffffffff"], { daemon: twice })

      assert.deepStrictEqual([ambiguous.exit, unknown.exit], [3, 3])
      assert.include(ambiguous.stderr, "Several have the id")
      assert.include(unknown.stderr, "Nothing that waits has the id \"ffffffff\"")
    }))
})
