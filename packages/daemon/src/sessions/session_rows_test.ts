import { layerSeededRandom, makeMesh } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Option } from "effect"
import { layerMadeDaemon } from "../testing/made_daemon.ts"
import { begunSession, sessionIdOf } from "../testing/made_sessions.ts"
import { makeSessionRows, sessionView } from "./session_rows.ts"

const made = makeMesh("session_rows", ["ada"])
const mesh = made.membership.mesh
const elsewhere = makeMesh("session_rows-2", ["ada"]).membership.mesh
const daemon = Layer.provide(layerMadeDaemon(made, "ada"), layerSeededRandom("session_rows"))

describe("makeSessionRows", () => {
  it.effect("keeps a session as it was put last", () =>
    Effect.gen(function*() {
      const { find } = yield* makeSessionRows
      yield* begunSession(1)
      const row = yield* begunSession(1, {
        unprompted: true,
        carrier: "hook",
        agent: "claude",
        role: "reviewer",
        groups: [{ name: "web", role: "lead" }, { name: "all" }],
        caps: ["dm", "read"]
      })

      assert.deepStrictEqual(yield* find(row.id), Option.some(row))
      assert.deepStrictEqual(yield* find(sessionIdOf(2)), Option.none())
    }).pipe(Effect.provide(daemon)))

  it.effect("has those live that have not ended, the oldest first, and knows their tokens", () =>
    Effect.gen(function*() {
      const { findByToken, live } = yield* makeSessionRows
      yield* begunSession(1, { startedAt: 2 })
      yield* begunSession(2, { startedAt: 1 })
      yield* begunSession(3, { endedAt: 3 })

      assert.deepStrictEqual((yield* live).map(({ pid }) => pid), [2, 1])
      assert.isTrue(Option.isSome(yield* findByToken("hash 1")))
      assert.isTrue(Option.isNone(yield* findByToken("hash 3")))
    }).pipe(Effect.provide(daemon)))

  it.effect("pushes to the one of a mesh that was heard of last, and by its id of several", () =>
    Effect.gen(function*() {
      const { latestPushed } = yield* makeSessionRows
      const latest = Effect.map(latestPushed(mesh), Option.map(({ pid }) => pid))
      assert.deepStrictEqual(yield* latest, Option.none())

      yield* begunSession(3, { activeAt: 5 })
      yield* begunSession(2, { activeAt: 5 })
      yield* begunSession(1, { activeAt: 4 })
      yield* begunSession(4, { activeAt: 9, mode: "inbox" })
      yield* begunSession(5, { activeAt: 9, mesh: elsewhere })
      yield* begunSession(6, { activeAt: 9, endedAt: 9 })

      assert.deepStrictEqual(yield* latest, Option.some(2))
    }).pipe(Effect.provide(daemon)))

  it.effect("forgets what ended before a time, and none that lives", () =>
    Effect.gen(function*() {
      const { find, forgetEnded } = yield* makeSessionRows
      yield* begunSession(1, { endedAt: 1 })
      yield* begunSession(2, { endedAt: 2 })
      yield* begunSession(3)

      yield* forgetEnded(2)

      const kept = yield* Effect.forEach([1, 2, 3], (number) => find(sessionIdOf(number)))
      assert.deepStrictEqual(kept.map(Option.isSome), [false, true, true])
    }).pipe(Effect.provide(daemon)))
})

describe("sessionView", () => {
  it.effect("says what is known, and what the agent is doing at that time", () =>
    Effect.gen(function*() {
      const row = yield* begunSession(1, { status: "working", statusAt: 0 })

      assert.deepStrictEqual(sessionView({ ...row, mesh: null }, 59_999), {
        id: row.id,
        name: "agent-1",
        cwd: "/src",
        pid: 1,
        mode: "push",
        unprompted: false,
        status: "working",
        started_at: row.startedAt
      })
      assert.deepInclude(
        sessionView({ ...row, agent: "claude", carrier: "hook", role: "reviewer" }, 60_000),
        { mesh, agent: "claude", carrier: "hook", role: "reviewer", status: "idle" }
      )
      assert.deepInclude(
        sessionView({ ...row, groups: [{ name: "all" }], endedAt: 7 }, 60_000),
        { groups: [{ name: "all" }], ended_at: 7 }
      )
    }).pipe(Effect.provide(daemon)))
})
