import type { Evidence } from "@claudemesh/protocol/local_api"
import { makeMesh, memberOf, messageIdOf } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Option, Stream } from "effect"
import { Inbox } from "../../inbox/inbox.ts"
import { Surfacing } from "../../surfacing/surfacing.ts"
import { arrived } from "../../testing/arrived.ts"
import { layerMadeLocalApiWith, madeClient } from "../../testing/made_local_api.ts"
import { begunSession, openIn, sessionIdOf } from "../../testing/made_sessions.ts"
import { layerRegistering } from "../../testing/registering.ts"

const made = makeMesh("surfacing_handlers", ["ada", "bob"])
const mesh = made.membership.mesh
const bob = memberOf(made, "bob").device
const daemon = layerMadeLocalApiWith(layerRegistering, made, "ada")

const params = { id: sessionIdOf(1) }
const message = { mesh, from_device_id: bob, id: messageIdOf(1) }

/** A message of bob, in the inbox and with its session. */
const assigned = Effect.gen(function*() {
  yield* arrived({ mesh, sender: bob, id: message.id })
  const [row] = yield* Inbox.use(({ list }) => list({ mesh, unread: false, limit: 1 }))
  yield* Surfacing.use(({ assign }) => assign(Option.getOrThrow(Option.fromNullishOr(row))))
})

describe("surfacing", () => {
  it.effect("tells a session by its feed what it is to be shown", () =>
    Effect.gen(function*() {
      const { surfacing } = yield* madeClient
      yield* begunSession(1)
      yield* assigned

      const feed = yield* surfacing.feed({ params })

      const [first, second] = yield* Stream.runCollect(Stream.take(feed, 2))
      assert.strictEqual(first?.type, "session")
      assert.deepInclude(second, { type: "message", posted: false })
      if (second?.type !== "message") return
      assert.deepInclude(second.message, { id: message.id, from: "bob", text: "hello" })
    }).pipe(Effect.scoped, Effect.provide(daemon)))

  it.effect("refuses the feed of a session that is not there, or has ended", () =>
    Effect.gen(function*() {
      const { surfacing } = yield* madeClient
      const unknown = yield* Effect.flip(surfacing.feed({ params }))
      yield* begunSession(1, { endedAt: 1 })

      const ended = yield* Effect.flip(surfacing.feed({ params }))

      for (const refusal of [unknown, ended]) {
        assert.deepInclude(refusal, { code: "session_not_found" })
      }
    }).pipe(Effect.scoped, Effect.provide(daemon)))

  it.effect("takes evidence, and says how much of it was new", () =>
    Effect.gen(function*() {
      const { surfacing } = yield* madeClient
      yield* begunSession(1)
      yield* assigned
      const seen: Evidence = { message, stage: "surfaced", carrier: "hook" }

      const reported = surfacing.report({ params, payload: { items: [seen, seen] } })

      assert.deepStrictEqual(yield* reported, { changed: 1 })
      assert.deepStrictEqual(yield* reported, { changed: 0 })
    }).pipe(Effect.provide(daemon)))

  it.effect("lists what waits for a human, of a mesh that is named or of all", () =>
    Effect.gen(function*() {
      const { surfacing } = yield* madeClient
      const { activeAt } = yield* begunSession(1, { unprompted: true })
      yield* assigned

      const { items } = yield* surfacing.held({ query: {} })
      const [held] = items

      assert.deepInclude(held, {
        session: params.id,
        because: "unknown_sender",
        since: activeAt
      })
      assert.deepInclude(held?.message, { id: message.id, from: "bob", text: "hello" })
      assert.deepStrictEqual((yield* surfacing.held({ query: { mesh: "home" } })).items, items)
      const refusal = yield* Effect.flip(surfacing.held({ query: { mesh: "work" } }))
      assert.deepInclude(refusal, { code: "mesh_not_found" })
    }).pipe(Effect.provide(daemon)))

  it.effect("lets through what a human accepts, once", () =>
    Effect.gen(function*() {
      const { surfacing } = yield* madeClient
      yield* begunSession(1, { unprompted: true })
      yield* assigned
      const payload = { messages: [message] }

      assert.deepStrictEqual(yield* surfacing.accept({ payload }), { changed: 1 })
      assert.deepStrictEqual(yield* surfacing.accept({ payload }), { changed: 0 })

      assert.deepStrictEqual(yield* openIn(1), [["hello", "waiting"]])
    }).pipe(Effect.provide(daemon)))

  it.effect("keeps back what a human drops, once", () =>
    Effect.gen(function*() {
      const { surfacing } = yield* madeClient
      yield* begunSession(1, { unprompted: true })
      yield* assigned
      const payload = { messages: [message] }

      assert.deepStrictEqual(yield* surfacing.drop({ payload }), { changed: 1 })
      assert.deepStrictEqual(yield* surfacing.accept({ payload }), { changed: 0 })

      assert.deepStrictEqual(yield* openIn(1), [])
    }).pipe(Effect.provide(daemon)))
})
