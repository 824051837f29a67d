import type { HeldMessage, InboxKey } from "@claudemesh/protocol/local_api"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { type as typed } from "../../../testing/command_line.ts"
import { heldMessage } from "../../../testing/samples.ts"

const { from_device_id, id, mesh } = heldMessage.message

function daemonWith(items: ReadonlyArray<HeldMessage>, heard: Array<ReadonlyArray<InboxKey>>) {
  function decide(
    { payload }: { readonly payload: { readonly messages: ReadonlyArray<InboxKey> } }
  ) {
    heard.push(payload.messages)
    return Effect.succeed({ changed: payload.messages.length })
  }
  return { surfacing: { held: () => Effect.succeed({ items }), accept: decide, drop: decide } }
}

describe("held accept", () => {
  it.effect("lets the agent see the one whose id begins so", () =>
    Effect.gen(function*() {
      const heard: Array<ReadonlyArray<InboxKey>> = []
      const { exit, stdout } = yield* typed(["held", "accept", id.slice(0, 8)], {
        daemon: daemonWith([heldMessage], heard)
      })

      assert.deepStrictEqual([exit, stdout], [0, "1\taccepted\n"])
      assert.deepStrictEqual(heard, [[{ from_device_id, id, mesh }]])
    }))

  it.effect("never guesses which of several is meant, nor what is meant by nothing", () =>
    Effect.gen(function*() {
      const heard: Array<ReadonlyArray<InboxKey>> = []
      const twice = daemonWith([heldMessage, heldMessage], heard)

      const ambiguous = yield* typed(["held", "accept", id], { daemon: twice })
      const unknown = yield* typed(["held", "accept", "ffffffff"], { daemon: twice })
      const unclear = yield* typed(["held", "accept"], { daemon: twice })

      assert.include(ambiguous.stderr, "Several have the id")
      assert.include(unknown.stderr, "Nothing that waits has the id \"ffffffff\"")
      assert.include(unclear.stderr, "give ids, or --all")
      assert.deepStrictEqual(heard, [])
    }))
})

describe("held drop", () => {
  it.effect("keeps all that wait from the agent", () =>
    Effect.gen(function*() {
      const heard: Array<ReadonlyArray<InboxKey>> = []
      const { stdout } = yield* typed(["held", "drop", "--all"], {
        daemon: daemonWith([heldMessage], heard)
      })

      assert.strictEqual(stdout, "1\tdropped\n")
      assert.lengthOf(heard, 1)
    }))
})
