import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { documentOf, type as typed } from "../../../testing/command_line.ts"
import { NOW, session } from "../../../testing/samples.ts"

const daemon = { sessions: { list: () => Effect.succeed({ items: [session] }) } }

describe("session list", () => {
  it.effect("says who runs here, and by what messages reach it", () =>
    Effect.gen(function*() {
      const { exit, stdout } = yield* typed(["session", "list"], { daemon })

      assert.strictEqual(exit, 0)
      assert.strictEqual(
        stdout,
        `api\tworking\tpush\tsocket\tclaude\t2026-11-24T05:00:00.000Z\t/src/api\t${session.id}\t\t\n`
      )
    }))

  it.effect("says also who has ended, if that is asked for", () =>
    Effect.gen(function*() {
      const ended = { ...session, name: "db", role: "reviewer", ended_at: NOW - 60_000 }
      const daemon = {
        sessions: {
          list: () => Effect.succeed({ items: [session] }),
          ended: () => Effect.succeed({ items: [ended] })
        }
      }
      const { stdout } = yield* typed(["session", "list", "--all"], { daemon })

      assert.strictEqual(
        stdout.split("\n")[1],
        `db\tended\tpush\tsocket\tclaude\t2026-11-24T05:59:00.000Z\t/src/api\t${session.id}\treviewer\t`
      )
    }))

  it.effect("says at a terminal how one comes to run where none does", () =>
    Effect.gen(function*() {
      const none = { sessions: { list: () => Effect.succeed({ items: [] }) } }
      const { stdout } = yield* typed(["session", "list"], { daemon: none, terminal: true })

      assert.include(stdout, "claudemesh launch starts one")
    }))

  it.effect("tells programs the same", () =>
    Effect.gen(function*() {
      const { stdout } = yield* typed(["session", "list", "--json", "name,carrier"], { daemon })

      const { items } = yield* documentOf(stdout)
      assert.deepStrictEqual(items, [{ name: "api", carrier: "socket" }])
    }))
})
