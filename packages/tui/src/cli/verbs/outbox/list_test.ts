import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { documentOf, type as typed } from "../../../testing/command_line.ts"
import { outboxEntry } from "../../../testing/samples.ts"
import { OutboxEntry } from "@claudemesh/protocol/local_api"

function playing(items: ReadonlyArray<OutboxEntry>, queries: Array<unknown> = []) {
  return {
    outbox: {
      list: ({ query }: { readonly query: object }) =>
        Effect.sync(() => {
          queries.push(query)
          return { items, more: false, failed: 0 }
        })
    }
  }
}

const { waits_for: _, next_attempt_at: __, ...rest } = outboxEntry
const dead: OutboxEntry = { ...rest, outbox_state: "dead", reason: "too_large" }

describe("outbox list", () => {
  it.effect("asks for what is on its way, or for what was said", () =>
    Effect.gen(function*() {
      const queries: Array<unknown> = []
      const daemon = playing([], queries)
      yield* typed(["outbox", "list"], { daemon })
      yield* typed(["outbox", "list", "--state", "dead", "--limit", "5", "--mesh", "home"], {
        daemon
      })
      yield* typed(["outbox", "list", "--state", "rejected"], { daemon })
      yield* typed(["outbox", "list", "--all"], { daemon })
      const { exit } = yield* typed(["outbox", "list", "--state", "lost"], { daemon })

      assert.deepStrictEqual(queries, [
        { limit: 50 },
        { mesh: "home", limit: 5, state: "dead" },
        { limit: 50, state: "dead" },
        { limit: 50, all: true }
      ])
      assert.strictEqual(exit, 2)
    }))

  it.effect("names what may be done about the first", () =>
    Effect.gen(function*() {
      const waiting = yield* typed(["outbox", "list"], {
        daemon: playing([outboxEntry]),
        terminal: true
      })
      const ended = yield* typed(["outbox", "list"], { daemon: playing([dead]), terminal: true })

      assert.include(waiting.stdout, `Next: claudemesh outbox show ${outboxEntry.id}`)
      assert.include(ended.stdout, `Next: claudemesh outbox requeue ${dead.id}`)
    }))

  it.effect("offers to send once more what has failed, whatever else has ended before it", () =>
    Effect.gen(function*() {
      const fresh = OutboxEntry.fields.id.make(`${dead.id.slice(0, -1)}7`)
      const superseded = { ...dead, outbox_state: "aborted" as const, superseded_by: fresh }
      const delivered = { ...dead, outbox_state: "delivered" as const }
      const expired = { ...dead, id: fresh, outbox_state: "expired" as const }
      const list = ["outbox", "list", "--all"]
      const mixed = yield* typed(list, {
        daemon: playing([delivered, superseded, expired]),
        terminal: true
      })
      const done = yield* typed(list, { daemon: playing([superseded, delivered]), terminal: true })

      assert.include(mixed.stdout, `Next: claudemesh outbox requeue ${fresh}`)
      assert.include(done.stdout, `Next: claudemesh outbox show ${superseded.id}`)
    }))

  it.effect("does not say that nothing is on its way where it did not look there", () =>
    Effect.gen(function*() {
      const words = ["outbox", "list", "--state", "dead", "--mesh", "home"]
      const eyes = yield* typed(words, { daemon: playing([]), terminal: true })
      const json = yield* typed([...words, "--json"], { daemon: playing([]) })

      assert.strictEqual(eyes.stdout, "Nothing is rejected in mesh \"home\"\n")
      assert.deepStrictEqual((yield* documentOf(json.stdout)).page, {
        mesh: "home",
        state: "dead",
        more: false,
        failed: 0
      })
    }))

  it.effect("refuses a state beside all of them, and more than fits on a page", () =>
    Effect.gen(function*() {
      const queries: Array<unknown> = []
      const daemon = playing([], queries)
      const both = yield* typed(["outbox", "list", "--all", "--state", "dead"], { daemon })
      const many = yield* typed(["outbox", "list", "--limit", "501"], { daemon })

      assert.deepStrictEqual([both.exit, many.exit, queries.length], [2, 2, 0])
      assert.include(both.stderr, "give --all or --state rejected")
      assert.include(many.stderr, "limit")
      assert.include(many.stderr, "Expected 1 to 500, got 501")
    }))

  it.effect("is a document with the times of everything, for programs", () =>
    Effect.gen(function*() {
      const { stdout } = yield* typed(["outbox", "list", "--json"], {
        daemon: playing([outboxEntry])
      })

      const { items, page } = yield* documentOf(stdout)
      assert.deepInclude(items?.[0], {
        outbox_state: "pending",
        next_attempt_at: "2026-11-24T06:00:03.000Z",
        waits_for: "retry"
      })
      assert.deepStrictEqual(page, { more: false, failed: 0 })
    }))
})
