import type { ReviseSession } from "@claudemesh/protocol/local_api"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Option, SubscriptionRef } from "effect"
import { TestClock } from "effect/testing"
import { Inbox } from "../inbox/inbox.ts"
import { Surfacing } from "../surfacing/surfacing.ts"
import { sessionIdOf } from "../testing/made_sessions.ts"
import { layerMigratedDatabase } from "../testing/migrated_database.ts"
import { layerRegistering, registered } from "../testing/registering.ts"
import { makeSessionRows } from "./session_rows.ts"
import { Sessions } from "./sessions.ts"

const stores = Layer.provideMerge(
  Surfacing.layer,
  Layer.provideMerge(Inbox.layer, layerMigratedDatabase())
)
const environment = Layer.provideMerge(layerRegistering, stores)

const id = sessionIdOf(1)

function revise(revision: ReviseSession) {
  return Sessions.use((sessions) => sessions.revise(id, revision))
}

/** What the session is doing once that is said of it. */
function doing(is: "idle" | "working" | "dnd", source: "hook" | "manual" | "file") {
  return Effect.map(revise({ status: { is, source } }), ({ status }) => status)
}

const row = Effect.gen(function*() {
  return Option.getOrThrow(yield* (yield* makeSessionRows).find(id))
})

describe("Sessions.revise", () => {
  it.effect("takes over what is said, and leaves the rest as it was", () =>
    Effect.gen(function*() {
      const { show } = yield* Sessions
      const { token_file, ...before } = yield* registered(1, { id, agent: "claude" })

      const revised = yield* revise({ mode: "inbox", unprompted: true, carrier: "hook" })

      assert.deepStrictEqual(revised, {
        ...before,
        mode: "inbox",
        unprompted: true,
        carrier: "hook"
      })
      assert.deepStrictEqual(yield* show(id), revised)
      assert.deepStrictEqual(yield* revise({}), revised)
      assert.include(token_file, id)
    }).pipe(Effect.provide(environment)))

  it.effect("gives it a role and groups, and takes them away", () =>
    Effect.gen(function*() {
      const groups = [{ name: "web", role: "lead" }, { name: "all" }]
      yield* registered(1, { id })

      assert.deepInclude(yield* revise({ role: "reviewer", groups }), { role: "reviewer", groups })
      assert.deepInclude(yield* revise({ mode: "off" }), { role: "reviewer", groups })

      const without = yield* revise({ role: null, groups: [] })
      assert.notProperty(without, "role")
      assert.notProperty(without, "groups")
    }).pipe(Effect.provide(environment)))

  it.effect("limits it, keeps that with whatever else is said, and lifts it", () =>
    Effect.gen(function*() {
      yield* registered(1, { id })

      assert.deepStrictEqual((yield* revise({ caps: ["dm", "read"] })).caps, ["dm", "read"])
      assert.deepStrictEqual((yield* revise({ mode: "off" })).caps, ["dm", "read"])
      assert.notProperty(yield* revise({ caps: null }), "caps")
    }).pipe(Effect.provide(environment)))

  it.effect("gives a name that is taken a number, and keeps its own", () =>
    Effect.gen(function*() {
      yield* registered(1, { id })
      yield* registered(2, { name: "db" })

      assert.strictEqual((yield* revise({ name: "api" })).name, "api")
      assert.strictEqual((yield* revise({ name: "db" })).name, "db-2")
      assert.strictEqual((yield* revise({ mode: "off" })).name, "db-2")
    }).pipe(Effect.provide(environment)))

  it.effect("loses no word of two that come at once", () =>
    Effect.gen(function*() {
      const { show } = yield* Sessions
      yield* registered(1, { id })

      yield* Effect.all([revise({ name: "db" }), revise({ mode: "off" })], {
        concurrency: "unbounded"
      })

      assert.deepInclude(yield* show(id), { name: "db", mode: "off" })
    }).pipe(Effect.provide(environment)))

  it.effect("refuses a session that is not there", () =>
    Effect.gen(function*() {
      assert.deepInclude(yield* Effect.flip(revise({ name: "db" })), {
        code: "session_not_found",
        message: `There is no session "${id}"`
      })
    }).pipe(Effect.provide(environment)))

  it.effect("notes when something was heard of it, and when a human spoke to it", () =>
    Effect.gen(function*() {
      yield* registered(1, { id })
      yield* TestClock.adjust("1 second")
      yield* revise({ human: true })
      yield* TestClock.adjust("1 second")

      yield* revise({ human: false })

      assert.deepInclude(yield* row, { activeAt: 2_000, humanAt: 1_000 })
    }).pipe(Effect.provide(environment)))

  it.effect("has readers of feeds look again", () =>
    Effect.gen(function*() {
      const { changes } = yield* Surfacing
      yield* registered(1, { id })
      const before = yield* SubscriptionRef.get(changes)

      yield* revise({ name: "db" })

      assert.isAbove(yield* SubscriptionRef.get(changes), before)
    }).pipe(Effect.provide(environment)))
})

describe("Sessions.revise, what it is doing", () => {
  it.effect("is what a hook says, then a person, then a file, for half a minute each", () =>
    Effect.gen(function*() {
      yield* registered(1, { id })

      assert.strictEqual(yield* doing("working", "file"), "working")
      assert.strictEqual(yield* doing("idle", "manual"), "idle")
      assert.strictEqual(yield* doing("working", "file"), "idle")
      assert.strictEqual(yield* doing("working", "hook"), "working")
      assert.strictEqual(yield* doing("idle", "manual"), "working")
      yield* TestClock.adjust("30 seconds")
      assert.strictEqual(yield* doing("idle", "file"), "idle")
    }).pipe(Effect.provide(environment)))

  it.effect("is idle once nothing was heard for a minute, wherever it is shown", () =>
    Effect.gen(function*() {
      const { list, show } = yield* Sessions
      yield* registered(1, { id })
      yield* doing("working", "hook")
      yield* TestClock.adjust("59999 millis")
      assert.strictEqual((yield* show(id)).status, "working")

      yield* TestClock.adjust("1 millis")

      assert.strictEqual((yield* show(id)).status, "idle")
      assert.deepStrictEqual((yield* list).map(({ status }) => status), ["idle"])
    }).pipe(Effect.provide(environment)))

  it.effect("is not kept up by words that say nothing of it", () =>
    Effect.gen(function*() {
      yield* registered(1, { id })
      yield* doing("working", "hook")
      yield* TestClock.adjust("1 minute")

      assert.strictEqual((yield* revise({ carrier: "hook" })).status, "idle")
    }).pipe(Effect.provide(environment)))

  it.effect("is not to be disturbed only by a person's word, and for as long as it says so", () =>
    Effect.gen(function*() {
      yield* registered(1, { id })

      assert.strictEqual(yield* doing("dnd", "hook"), "idle")
      assert.strictEqual(yield* doing("dnd", "manual"), "dnd")
      yield* TestClock.adjust("1 day")
      assert.strictEqual(yield* doing("working", "hook"), "dnd")
      assert.strictEqual((yield* registered(1, { id })).status, "dnd")
      assert.strictEqual(yield* doing("idle", "manual"), "idle")
    }).pipe(Effect.provide(environment)))
})
