import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { documentOf, type as typed } from "../../../testing/command_line.ts"
import { received, sent } from "../../../testing/samples.ts"

function show({ params }: { readonly params: { readonly id: string } }) {
  return Effect.succeed(params.id === sent.id ? sent : received)
}

/** A daemon with one message of each direction, and what it was asked to mark. */
function playing() {
  const marked: Array<unknown> = []
  function mark({ payload }: { readonly payload: object }) {
    return Effect.sync(() => {
      marked.push(payload)
      return { changed: 1 }
    })
  }
  return { marked, daemon: { messages: { show, read: mark, readAll: mark } } }
}

describe("inbox mark-read", () => {
  it.effect("marks the messages that are named, exactly", () =>
    Effect.gen(function*() {
      const { daemon, marked } = playing()
      const { stdout } = yield* typed(["inbox", "mark-read", received.id], {
        daemon,
        terminal: true
      })

      assert.strictEqual(stdout, "Marked 1 message as read\n")
      const { from_device_id, id, mesh } = received
      assert.deepStrictEqual(marked, [{ messages: [{ mesh, from_device_id, id }] }])
    }))

  it.effect("marks the one that a peer wrote, where several have the id", () =>
    Effect.gen(function*() {
      const queries: Array<unknown> = []
      const { daemon: { messages } } = playing()
      const daemon = {
        messages: {
          ...messages,
          show: (request: { readonly params: { readonly id: string }; readonly query: object }) =>
            Effect.andThen(Effect.sync(() => queries.push(request.query)), show(request))
        }
      }
      const words = ["inbox", "mark-read", received.id, "--from", "bob"]

      assert.strictEqual((yield* typed(words, { daemon })).exit, 0)
      assert.deepStrictEqual(queries, [{ from: "bob", direction: "received" }])
    }))

  it.effect("marks all of a peer in a mesh, or all there is", () =>
    Effect.gen(function*() {
      const { daemon, marked } = playing()
      yield* typed(["inbox", "mark-read", "--all", "--from", "ci", "--mesh", "home"], { daemon })
      const { stdout } = yield* typed(["inbox", "mark-read", "--all", "--json"], { daemon })

      assert.deepStrictEqual(marked, [{ mesh: "home", from: "ci" }, {}])
      assert.deepStrictEqual((yield* documentOf(stdout)).item, { changed: 1 })
    }))

  it.effect("asks what is meant rather than mark too much", () =>
    Effect.gen(function*() {
      const { daemon, marked } = playing()
      for (const words of [[], ["--from", "ci"], [received.id, "--all"]]) {
        assert.strictEqual((yield* typed(["inbox", "mark-read", ...words], { daemon })).exit, 2)
      }
      const { exit, stderr } = yield* typed(["inbox", "mark-read", sent.id], { daemon })

      assert.strictEqual(exit, 3)
      assert.include(stderr, "it was sent from here")
      assert.deepStrictEqual(marked, [])
    }))
})
