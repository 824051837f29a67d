import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { documentOf, type as typed } from "../../../testing/command_line.ts"
import { outboxEntry, received, sent } from "../../../testing/samples.ts"

describe("message status", () => {
  it.effect("is a ladder with times for each device", () =>
    Effect.gen(function*() {
      const daemon = { messages: { show: () => Effect.succeed(sent) } }
      const { stdout } = yield* typed(["message", "status", sent.id], { daemon, terminal: true })

      assert.strictEqual(
        stdout,
        `message  ${sent.id}\nto       bob\nstate    inboxed\n\n` +
          "TO         STATE       AT                        AFTER\n" +
          "bob@tower  queued      2026-11-24T05:59:00.000Z\n" +
          "           admitted    2026-11-24T05:59:00.004Z  +4 ms\n" +
          "           inboxed     2026-11-24T05:59:00.011Z  +11 ms\n" +
          "           surfaced    not reported\n" +
          "           in context  not reported\n" +
          "           answered    not reported\n"
      )
    }))

  it.effect("says of one on its way when it is tried next, to people and to programs", () =>
    Effect.gen(function*() {
      const queries: Array<unknown> = []
      function show({ query }: { readonly query: object }) {
        return Effect.sync(() => {
          queries.push(query)
          return outboxEntry
        })
      }
      const queued = { ...sent, state: "queued" as const }
      const daemon = { messages: { show: () => Effect.succeed(queued) }, outbox: { show } }
      const words = ["message", "status", sent.id]
      const eyes = yield* typed(words, { daemon, terminal: true })
      const json = yield* typed([...words, "--json", "state,next_attempt_at"], { daemon })

      assert.include(eyes.stdout, "waits for  its next try in 3s: quota\n")
      assert.deepStrictEqual((yield* documentOf(json.stdout)).item, {
        state: "queued",
        next_attempt_at: "2026-11-24T06:00:03.000Z"
      })
      assert.deepStrictEqual(queries, [{ mesh: sent.mesh }, { mesh: sent.mesh }])
    }))

  it.effect("says of a received one whether it was read", () =>
    Effect.gen(function*() {
      const daemon = { messages: { show: () => Effect.succeed(received) } }
      const { stdout } = yield* typed(["message", "status", received.id], { daemon })

      assert.include(stdout, "state\treceived, unread\n")
    }))

  it.effect("asks for theirs where it is said whose, and of which mesh", () =>
    Effect.gen(function*() {
      const queries: Array<unknown> = []
      function show({ query }: { readonly query: object }) {
        return Effect.sync(() => {
          queries.push(query)
          return received
        })
      }
      const daemon = { messages: { show } }
      yield* typed(["message", "status", received.id], { daemon })
      yield* typed(["message", "status", received.id, "--from", "bob", "--mesh", "home"], {
        daemon
      })

      assert.deepStrictEqual(queries, [{}, { mesh: "home", from: "bob" }])
    }))
})
