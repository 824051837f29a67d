import { Session } from "@claudemesh/protocol/local_api"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { layerPlayed } from "../testing/command_line.ts"
import { NOW, session } from "../testing/samples.ts"
import { knownSession } from "./known_session.ts"

const agent = { id: "claude", title: "Claude Code" }

function sessionOf(number: number, otherwise: Partial<Session>): Session {
  const id = Session.fields.id.make(`0000000${number}-0000-4000-8000-00000000000a`)
  return { ...session, id, ...otherwise }
}

const runs = sessionOf(1, { name: "api" })
const before = sessionOf(2, { name: "api", ended_at: NOW - 3_600_000 })
const web = sessionOf(3, { name: "web", ended_at: NOW - 60_000 })
const webElsewhere = sessionOf(4, { name: "web", cwd: "/src/web", ended_at: NOW - 120_000 })
const codex = sessionOf(5, { name: "docs", agent: "codex" })

function known(typed: string, more: ReadonlyArray<Session> = []) {
  const daemon = {
    sessions: {
      list: () => Effect.succeed({ items: [runs, codex] }),
      ended: () => Effect.succeed({ items: [...more, web, webElsewhere, before] })
    }
  }
  return Effect.andThen(
    TestClock.setTime(NOW),
    knownSession({ typed, agent, cwd: "/src/api" }).pipe(Effect.provide(layerPlayed({ daemon })))
  )
}

describe("knownSession", () => {
  it.effect.each<readonly [string, string, Session]>([
    ["the one that runs under a name", "API", runs],
    ["of those that had it, the one of this directory", "web", web],
    ["the one whose id begins so", webElsewhere.id.slice(0, 8), webElsewhere]
  ])("finds %s", ([, typed, { id }]) =>
    Effect.gen(function*() {
      assert.strictEqual(yield* known(typed), id)
    }))

  it.effect("finds the only one that had a name, wherever it was", () =>
    Effect.gen(function*() {
      const elsewhere = sessionOf(6, { name: "infra", cwd: "/src/infra", ended_at: NOW })

      assert.strictEqual(yield* known("infra", [elsewhere]), elsewhere.id)
    }))

  it.effect("never guesses which of several is meant", () =>
    Effect.gen(function*() {
      const newer = sessionOf(6, { name: "web", ended_at: NOW - 30_000 })

      const { candidates, code, message } = yield* Effect.flip(known("web", [newer]))

      assert.strictEqual(code, "ambiguous_name")
      assert.strictEqual(
        message,
        "Cannot resume \"web\": 2 sessions are meant by it; give an id"
      )
      assert.deepStrictEqual(candidates, [
        `${newer.id} (ended 30s ago in /src/api)`,
        `${web.id} (ended 1m ago in /src/api)`
      ])
    }))

  it.effect.each<readonly [string, ReadonlyArray<string>]>([
    ["wbe", ["web"]],
    ["something-else", ["api", "web"]],
    ["docs", ["api", "web"]]
  ])(
    "names those near to %s, of which the agent has none",
    ([typed, near]) =>
      Effect.gen(function*() {
        const { candidates, code, message } = yield* Effect.flip(known(typed))

        assert.strictEqual(code, "session_not_found")
        assert.include(message, `Cannot resume "${typed}": no session of Claude Code`)
        assert.deepStrictEqual(candidates, near)
      })
  )
})
