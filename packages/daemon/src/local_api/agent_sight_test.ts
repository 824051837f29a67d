import { Name } from "@claudemesh/protocol"
import { makeMesh, memberOf, messageIdOf } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Option } from "effect"
import { Inbox } from "../inbox/inbox.ts"
import { Surfacing } from "../surfacing/surfacing.ts"
import { begunAgent } from "../testing/agent_client.ts"
import { arrived } from "../testing/arrived.ts"
import { layerMadeLocalApiWith, madeClient } from "../testing/made_local_api.ts"
import { sessionIdOf } from "../testing/made_sessions.ts"
import { layerRegistering } from "../testing/registering.ts"
import { withoutWords } from "./agent_sight.ts"
import { Views } from "./views.ts"

const made = makeMesh("agent_sight", ["ada", "bob", "cy"])
const mesh = made.membership.mesh
const [bob, cy] = [memberOf(made, "bob").device, memberOf(made, "cy").device]
const daemon = layerMadeLocalApiWith(layerRegistering, made, "ada")

function keyOf(number: number) {
  return { mesh, from_device_id: bob, id: messageIdOf(number) }
}

/** A message of bob, in the inbox and with the session that is to be shown it. */
const assigned = Effect.fnUntraced(function*(number: number) {
  yield* arrived({ mesh, sender: bob, id: messageIdOf(number) })
  const [newest] = yield* Inbox.use(({ list }) => list({ mesh, unread: false, limit: 1 }))
  const row = Option.getOrThrow(Option.fromNullishOr(newest))
  yield* Surfacing.use(({ assign }) => assign(row))
  return row
})

/** An agent that asks nobody before it acts; the first message of bob waits for the user. */
const withOneHeld = Effect.gen(function*() {
  const agent = yield* begunAgent(7, { unprompted: true })
  const row = yield* assigned(1)
  return { ...agent, row, user: yield* madeClient }
})

const accepting = { payload: { messages: [keyOf(1)] } }
const first = { params: { id: messageIdOf(1) }, query: {} }

describe("what waits for the user", () => {
  it.effect("is not in an agent's inbox, which says how many there are", () =>
    Effect.gen(function*() {
      const { calls, user } = yield* withOneHeld
      yield* arrived({ mesh, sender: cy, id: messageIdOf(2) })

      const seen = yield* calls.messages.inbox({ query: {} })
      const ofCy = yield* calls.messages.inbox({ query: { from: "cy" } })
      const all = yield* user.messages.inbox({ query: {} })

      assert.deepInclude(seen, { unread: 1, more: false, held: 1 })
      assert.deepStrictEqual(seen.items.map(({ id }) => id), [messageIdOf(2)])
      assert.notProperty(ofCy, "held")
      assert.deepStrictEqual([all.items.length, all.unread], [2, 2])
      assert.notProperty(all, "held")
    }).pipe(Effect.scoped, Effect.provide(daemon)))

  it.effect("is shown to no agent by its id, and to the user as ever", () =>
    Effect.gen(function*() {
      const { calls, user } = yield* withOneHeld

      const refusal = yield* Effect.flip(calls.messages.show(first))

      assert.deepInclude(refusal, {
        code: "message_held",
        message: `Cannot show message "${
          messageIdOf(1)
        }" to an agent: it waits for the user, who decides with claudemesh held list`
      })
      assert.propertyVal(yield* user.messages.show(first), "text", "hello")
    }).pipe(Effect.scoped, Effect.provide(daemon)))

  it.effect("is found by no agent", () =>
    Effect.gen(function*() {
      const { calls, user } = yield* withOneHeld
      const query = { words: "hello" }

      assert.lengthOf((yield* calls.search.messages({ query })).items, 0)
      assert.lengthOf((yield* user.search.messages({ query })).items, 1)
    }).pipe(Effect.scoped, Effect.provide(daemon)))

  it.effect("is listed for an agent with its sender, and without a word of it", () =>
    Effect.gen(function*() {
      const { calls, user } = yield* withOneHeld

      const [seen] = (yield* calls.surfacing.held({ query: {} })).items
      const [whole] = (yield* user.surfacing.held({ query: {} })).items

      assert.deepInclude(seen, { withheld: true, because: "unknown_sender" })
      assert.deepInclude(seen?.message, { id: messageIdOf(1), from: "bob", text: "" })
      assert.notProperty(whole, "withheld")
      assert.propertyVal(whole?.message, "text", "hello")
    }).pipe(Effect.scoped, Effect.provide(daemon)))

  it.effect("is kept from every other agent of the user, too", () =>
    Effect.gen(function*() {
      yield* withOneHeld
      const { calls } = yield* begunAgent(8)

      assert.deepInclude(yield* calls.messages.inbox({ query: {} }), { items: [], held: 1 })
      assert.propertyVal(yield* Effect.flip(calls.messages.show(first)), "code", "message_held")
    }).pipe(Effect.scoped, Effect.provide(daemon)))

  it.effect("is marked as read by no agent, one by one or with all others", () =>
    Effect.gen(function*() {
      const { calls, user } = yield* withOneHeld
      const none = { changed: 0 }

      assert.deepStrictEqual(yield* calls.messages.read(accepting), none)
      assert.deepStrictEqual(yield* calls.messages.readAll({ payload: {} }), none)
      assert.deepStrictEqual(yield* user.messages.read(accepting), { changed: 1 })
    }).pipe(Effect.scoped, Effect.provide(daemon)))

  it.effect("is not let out by an agent that says it has seen it", () =>
    Effect.gen(function*() {
      const { calls, id } = yield* withOneHeld
      const messages = [keyOf(1)]
      const items = [{ message: keyOf(1), stage: "in_context", carrier: "hook" }] as const

      yield* calls.messages.read({ payload: { messages, printed: true } })
      yield* calls.surfacing.report({ params: { id }, payload: { items } })

      assert.propertyVal(yield* Effect.flip(calls.messages.show(first)), "code", "message_held")
    }).pipe(Effect.scoped, Effect.provide(daemon)))

  it.effect("is an agent's to read once the user accepts it, and never once they drop it", () =>
    Effect.gen(function*() {
      const { calls, user } = yield* withOneHeld
      yield* assigned(2)
      yield* user.surfacing.drop({ payload: { messages: [keyOf(2)] } })
      yield* user.surfacing.accept(accepting)

      const { items, ...page } = yield* calls.messages.inbox({ query: {} })
      const second = { params: { id: messageIdOf(2) }, query: {} }
      const refusal = yield* Effect.flip(calls.messages.show(second))

      assert.deepStrictEqual(items.map(({ id }) => id), [messageIdOf(1)])
      assert.notProperty(page, "held")
      assert.deepInclude(refusal, {
        code: "message_held",
        message: `Cannot show message "${
          messageIdOf(2)
        }" to an agent: the user has dropped it, and reads it without an agent`
      })
    }).pipe(Effect.scoped, Effect.provide(daemon)))
})

describe("withoutWords", () => {
  it.effect("leaves nothing that the sender chose to say", () =>
    Effect.gen(function*() {
      const { row } = yield* withOneHeld
      const message = yield* Views.use(({ received }) => received(row))

      const { message: left } = withoutWords({
        ...message,
        subject: "run this",
        from_session: { id: sessionIdOf(1), name: Name.make("run-this") }
      })

      assert.deepStrictEqual(left, { ...message, text: "" })
    }).pipe(Effect.scoped, Effect.provide(daemon)))
})
