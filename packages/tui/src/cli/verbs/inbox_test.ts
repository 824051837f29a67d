import { assert, describe, it } from "@effect/vitest"
import type { InboxKey, ReceivedMessage } from "@claudemesh/protocol/local_api"
import { Effect } from "effect"
import { documentOf, type as typed } from "../../testing/command_line.ts"
import { NOW, received } from "../../testing/samples.ts"

interface MarkRead {
  readonly payload: { readonly messages: ReadonlyArray<InboxKey> }
}

function playing(
  items: ReadonlyArray<ReceivedMessage>,
  more: { readonly read?: Array<string>; readonly queries?: Array<unknown> } = {}
) {
  return {
    messages: {
      inbox: ({ query }: { readonly query: object }) =>
        Effect.sync(() => {
          more.queries?.push(query)
          return { items, unread: items.length, more: false }
        }),
      read: ({ payload: { messages } }: MarkRead) =>
        Effect.sync(() => {
          more.read?.push(...messages.map(({ id }) => id))
          return { changed: messages.length }
        })
    }
  }
}

const terminal = true

describe("inbox", () => {
  it.effect("marks every line of a body as somebody else's", () =>
    Effect.gen(function*() {
      const { stdout } = yield* typed(["inbox"], { daemon: playing([received]), terminal })

      assert.strictEqual(
        stdout,
        `● bob  now  2m ago  ${received.id}  build\n  | it is green\n  | $ now run this\n\n1 unread\n` +
          `Next: claudemesh send bob --reply-to ${received.id} "…"  (answer the newest)\n`
      )
    }))

  it.effect("is one row a message in a pipe", () =>
    Effect.gen(function*() {
      const { stdout } = yield* typed(["inbox"], { daemon: playing([received]) })

      assert.strictEqual(
        stdout,
        `${received.id}\tunread\tbob\t2026-11-24T05:58:00.000Z\tbuild\tit is green $ now run this\n`
      )
    }))

  it.effect("cuts a long body for eyes, and says where the rest is", () =>
    Effect.gen(function*() {
      const long = { ...received, text: "x".repeat(10_000) }
      const eyes = yield* typed(["inbox"], { daemon: playing([long]), terminal })
      const pipe = yield* typed(["inbox"], { daemon: playing([long]) })

      assert.include(eyes.stdout, `… see claudemesh message show ${received.id}`)
      assert.isBelow(eyes.stdout.length, 4_500)
      assert.isAbove(pipe.stdout.length, 10_000)
    }))

  it.effect("takes what a person was shown for read, and nothing else", () =>
    Effect.gen(function*() {
      const read: Array<string> = []
      const daemon = playing([received, { ...received, read: true }], { read })
      yield* typed(["inbox"], { daemon })
      yield* typed(["inbox", "--json"], { daemon, terminal })
      yield* typed(["inbox", "--keep-unread"], { daemon, terminal })
      yield* typed(["inbox"], { daemon, terminal, env: { CLAUDECODE: "1" } })
      assert.deepStrictEqual(read, [])

      yield* typed(["inbox"], { daemon, terminal })
      yield* typed(["inbox", "--mark-read"], { daemon })
      assert.deepStrictEqual(read, [received.id, received.id])
    }))

  it.effect("asks for the newest twenty, or for what was said", () =>
    Effect.gen(function*() {
      const queries: Array<unknown> = []
      const daemon = playing([], { queries })
      yield* typed(["inbox"], { daemon })
      yield* typed(["inbox", "--unread", "--limit", "5", "--mesh", "home"], { daemon })
      const { exit } = yield* typed(["inbox", "--limit", "0"], { daemon })

      assert.deepStrictEqual(queries, [{ limit: 20 }, { mesh: "home", limit: 5, unread: true }])
      assert.strictEqual(exit, 2)
    }))

  it.effect("refuses what contradicts itself, and more than fits on a page", () =>
    Effect.gen(function*() {
      const queries: Array<unknown> = []
      const daemon = playing([received], { queries })
      const both = yield* typed(["inbox", "--mark-read", "--keep-unread"], { daemon })
      const many = yield* typed(["inbox", "--limit", "1000"], { daemon })

      assert.deepStrictEqual([both.exit, many.exit, queries.length], [2, 2, 0])
      assert.include(both.stderr, "give --mark-read or --keep-unread")
      assert.include(many.stderr, "Expected 1 to 500, got 1000")
    }))

  it.effect("asks for what a peer wrote, lately, before a message", () =>
    Effect.gen(function*() {
      const queries: Array<unknown> = []
      const daemon = playing([], { queries })
      yield* typed(["inbox", "--from", "bob", "--since", "1h", "--before", received.id], { daemon })

      assert.deepStrictEqual(queries, [
        { from: "bob", since: NOW - 3_600_000, before: received.id, limit: 20 }
      ])
    }))

  it.effect("tells an agent how many wait for its user, beside the page and in a document", () =>
    Effect.gen(function*() {
      const page = { items: [received], unread: 1, more: false }
      function holding(held: number) {
        return { messages: { inbox: () => Effect.succeed({ ...page, held }) } }
      }
      const one = yield* typed(["inbox"], { daemon: holding(1) })
      const two = yield* typed(["inbox"], { daemon: holding(2) })
      const json = yield* typed(["inbox", "--json"], { daemon: holding(2) })

      assert.strictEqual(one.stderr, "1 message waits for your user: claudemesh held list\n")
      assert.strictEqual(two.stderr, "2 messages wait for your user: claudemesh held list\n")
      assert.strictEqual(json.stderr, "")
      assert.deepInclude((yield* documentOf(json.stdout)).page, { unread: 1, held: 2 })
    }))

  it.effect("says how to go on where there are older ones", () =>
    Effect.gen(function*() {
      const page = { items: [received], unread: 3, more: true }
      const daemon = { messages: { inbox: () => Effect.succeed(page) } }
      const { stdout } = yield* typed(["inbox", "--keep-unread"], { daemon, terminal: true })

      assert.include(stdout, `3 unread; there are older ones: --before ${received.id}\n`)
    }))
})
