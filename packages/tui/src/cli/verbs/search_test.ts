import { assert, describe, it } from "@effect/vitest"
import { SearchHit } from "@claudemesh/protocol/local_api"
import { Effect } from "effect"
import { documentOf, type as typed } from "../../testing/command_line.ts"
import { NOW, received, sent } from "../../testing/samples.ts"

const hits: ReadonlyArray<SearchHit> = [
  {
    message: received,
    snippet: [
      { text: "it is ", match: false },
      { text: "green", match: true },
      { text: "\n\u001B[31m$ now", match: false }
    ]
  },
  { message: sent, snippet: [{ text: "tests", match: true }, { text: " pass", match: false }] }
]

/** A daemon that finds those, and what it was asked. */
function playing(items: ReadonlyArray<SearchHit>, more = false) {
  const asked: Array<unknown> = []
  function messages({ query }: { readonly query: object }) {
    return Effect.sync(() => {
      asked.push(query)
      return { items, more }
    })
  }
  return { asked, daemon: { search: { messages } } }
}

describe("search", () => {
  it.effect("shows the piece in which the words are, and paints nothing of it", () =>
    Effect.gen(function*() {
      const { daemon } = playing(hits, true)
      const { stdout } = yield* typed(["search", "green"], { daemon, terminal: true })

      assert.strictEqual(
        stdout,
        `bob  1m ago  ${received.id}  build\n  | it is [green] $ now\n\n` +
          `to bob  1m ago  ${sent.id}\n  | [tests] pass\n\n` +
          "there are older ones: --limit N, or more words\n" +
          `Next: claudemesh message show ${sent.id}  (the newest, whole)\n`
      )
    }))

  it.effect("is one row a message in a pipe, as it was written", () =>
    Effect.gen(function*() {
      const { stdout } = yield* typed(["search", "green"], playing(hits))

      assert.strictEqual(
        stdout,
        `${received.id}\treceived\tbob\t2026-11-24T05:58:00.009Z\tbuild\tit is green $ now\n` +
          `${sent.id}\tsent\tbob\t2026-11-24T05:59:00.000Z\t\ttests pass\n`
      )
    }))

  it.effect("asks for all words, of whom, since when, and where", () =>
    Effect.gen(function*() {
      const { asked, daemon } = playing([])
      yield* typed(["search", "disk", "full"], { daemon })
      yield* typed(
        [
          "search",
          "\"disk full\"",
          "mig*",
          "--from",
          "ada",
          "--since",
          "1h",
          "--limit",
          "3",
          "--mesh",
          "home"
        ],
        { daemon }
      )

      assert.deepStrictEqual(asked, [
        { words: "disk full", limit: 20 },
        {
          words: "\"disk full\" mig*",
          from: "ada",
          since: NOW - 3_600_000,
          limit: 3,
          mesh: "home"
        }
      ])
    }))

  it.effect("is one document for programs, with the matches told apart", () =>
    Effect.gen(function*() {
      const { stdout } = yield* typed(["search", "green", "--json"], playing(hits))
      const { items, page } = yield* documentOf(stdout)

      assert.deepStrictEqual(items?.[0]?.["snippet"], hits[0]?.snippet)
      assert.nestedPropertyVal(items?.[0], "message.received_at", "2026-11-24T05:58:00.009Z")
      assert.deepStrictEqual(page, { more: false })
    }))

  it.effect("says that there is nothing, and wants at least a word", () =>
    Effect.gen(function*() {
      const { stdout } = yield* typed(["search", "blue"], { ...playing([]), terminal: true })
      const { exit } = yield* typed(["search"], playing([]))

      assert.strictEqual(stdout, "Nothing found\n")
      assert.strictEqual(exit, 2)
    }))
})
