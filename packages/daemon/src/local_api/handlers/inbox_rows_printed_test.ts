import { makeMesh, memberOf, messageIdOf } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Option, Stream } from "effect"
import { TestClock } from "effect/testing"
import { Inbox } from "../../inbox/inbox.ts"
import { Surfacing } from "../../surfacing/surfacing.ts"
import { begunAgent } from "../../testing/agent_client.ts"
import { arrived } from "../../testing/arrived.ts"
import { layerMadeLocalApiWith, madeClient } from "../../testing/made_local_api.ts"
import { layerRegistering } from "../../testing/registering.ts"
import { dueRows } from "../../testing/rows.ts"

const made = makeMesh("inbox_rows_printed", ["ada", "bob"])
const mesh = made.membership.mesh
const bob = memberOf(made, "bob").device
const daemon = layerMadeLocalApiWith(layerRegistering, made, "ada")

function keyOf(number: number) {
  return { mesh, from_device_id: bob, id: messageIdOf(number) }
}

function printed(...numbers: ReadonlyArray<number>) {
  return { payload: { messages: numbers.map(keyOf), printed: true } }
}

/** A message of bob, in the inbox and with the session that is to be shown it. */
const assigned = Effect.fnUntraced(function*(number: number) {
  yield* arrived({ mesh, sender: bob, id: messageIdOf(number) })
  const [row] = yield* Inbox.use(({ list }) => list({ mesh, unread: false, limit: 1 }))
  yield* Surfacing.use(({ assign }) => assign(Option.getOrThrow(Option.fromNullishOr(row))))
})

/** What is unread, as numbers. */
const unread = Effect.gen(function*() {
  const rows = yield* Inbox.use(({ list }) => list({ mesh, unread: true, limit: 10 }))
  return rows.map(({ id }) => [1, 2, 3].find((number) => messageIdOf(number) === id))
})

describe("messages.read, of what was printed for an agent", () => {
  it.effect("surfaces what the agent is to be shown, by poll, and tells the sender once", () =>
    Effect.gen(function*() {
      const { calls } = yield* begunAgent(7)
      yield* assigned(1)

      const reading = calls.messages.read(printed(1, 1))

      assert.deepStrictEqual(yield* reading, { changed: 1 })
      assert.deepStrictEqual(yield* reading, { changed: 0 })
      assert.deepStrictEqual(yield* dueRows, [
        { id: messageIdOf(1), stage: "surfaced", reason: "poll" }
      ])
      assert.deepStrictEqual(yield* unread, [])
    }).pipe(Effect.scoped, Effect.provide(daemon)))

  it.effect("takes it from the feed, so that it is not shown a second time", () =>
    Effect.gen(function*() {
      const { calls, id } = yield* begunAgent(7)
      yield* assigned(1)
      const feed = yield* calls.surfacing.feed({ params: { id } })

      const told = yield* feed.pipe(
        Stream.tap(({ type }) =>
          type === "message" ? calls.messages.read(printed(1)) : Effect.void
        ),
        Stream.filter(({ type }) => type !== "session"),
        Stream.take(2),
        Stream.runCollect
      )

      assert.deepStrictEqual(told.map(({ type }) => type), ["message", "withdrawn"])
    }).pipe(Effect.scoped, Effect.provide(daemon)))

  it.effect("leaves what is another agent's, or nobody's, as it was", () =>
    Effect.gen(function*() {
      yield* arrived({ mesh, sender: bob, id: messageIdOf(1) })
      const { calls, id } = yield* begunAgent(7)
      yield* TestClock.adjust("1 second")
      yield* begunAgent(8)
      yield* Effect.andThen(assigned(2), assigned(3))

      assert.deepStrictEqual(yield* Surfacing.use(({ open }) => open(id)), [])
      assert.deepStrictEqual(yield* calls.messages.read(printed(1, 2, 3)), { changed: 0 })
      assert.deepStrictEqual([yield* unread, yield* dueRows], [[1, 2, 3], []])
    }).pipe(Effect.scoped, Effect.provide(daemon)))

  it.effect("is no evidence where an agent only marks it as read", () =>
    Effect.gen(function*() {
      const { calls } = yield* begunAgent(7)
      yield* assigned(1)

      const { changed } = yield* calls.messages.read({ payload: { messages: [keyOf(1)] } })

      assert.deepStrictEqual([changed, yield* dueRows], [1, []])
    }).pipe(Effect.scoped, Effect.provide(daemon)))

  it.effect("is refused where no agent asks", () =>
    Effect.gen(function*() {
      const { messages } = yield* madeClient
      yield* assigned(1)

      const refusal = yield* Effect.flip(messages.read(printed(1)))

      assert.deepInclude(refusal, { code: "usage" })
      assert.deepStrictEqual(yield* unread, [1])
    }).pipe(Effect.scoped, Effect.provide(daemon)))
})
