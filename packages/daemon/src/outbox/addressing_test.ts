import { Name } from "@claudemesh/protocol"
import type { SendMessage } from "@claudemesh/protocol/local_api"
import { makeMesh, memberOf, messageIdOf, sealBetween, withJoined } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { MessageIndex } from "../messages/message_index.ts"
import { Meshes } from "../meshes/meshes.ts"
import { type Candidate, resolveName } from "../roster/resolve_name.ts"
import { Roster } from "../roster/roster.ts"
import { outgoing } from "../testing/accepted.ts"
import { begunSession, endedSession, sessionIdOf } from "../testing/made_sessions.ts"
import { layerReceiving, receive } from "../testing/receiving.ts"
import { Send, type SentBy } from "./send.ts"

const made = makeMesh("addressing", ["ada", "bob", "cy"])
const elsewhere = makeMesh("addressing-2", ["ada"]).membership.mesh
const ada = memberOf(made, "ada").device
const bob = memberOf(made, "bob").device
const cy = memberOf(made, "cy").device
const state = layerReceiving(made, "ada")
const daemon = Send.layer.pipe(Layer.provide(MessageIndex.layer), Layer.provideMerge(state))

/** An agent run of bob. */
const asking = { id: sessionIdOf(7), name: Name.make("web") }

/** What bob's agent run asks, or bob himself; its number is its id. */
function question(number: number, session?: typeof asking) {
  const meta = { priority: "next", ...(session === undefined ? {} : { session }) } as const
  return sealBetween(made, { from: "bob", to: ["ada"], text: "?" }, {
    meta,
    draft: { id: messageIdOf(number), to: [{ device: ada, sseq: number }] }
  })
}

/** Sends; answers with the session that it is for, by device. */
const sentTo = Effect.fnUntraced(function*(message: Partial<SendMessage>, by?: SentBy) {
  const { send } = yield* Send
  const { id } = yield* send({ to: "bob", text: "!", ...message }, by)
  const { recipients } = yield* outgoing(id)
  return Object.fromEntries(recipients.map(({ device, session }) => [device, session]))
})

const refusalOf = Effect.fnUntraced(function*(message: Partial<SendMessage>, by?: SentBy) {
  const { send } = yield* Send
  return (yield* Effect.flip(send({ to: "bob", text: "!", ...message }, by))).code
})

describe("makeAddressing, an answer", () => {
  it.effect("is for the agent run that asked", () =>
    Effect.gen(function*() {
      yield* receive(question(1, asking))

      assert.deepStrictEqual(yield* sentTo({ reply_to: messageIdOf(1) }), { [bob]: asking.id })
      assert.deepStrictEqual(yield* sentTo({}), { [bob]: null })
    }).pipe(Effect.provide(daemon)))

  it.effect("is for whoever is there where no agent run asked", () =>
    Effect.gen(function*() {
      yield* receive(question(1))

      assert.deepStrictEqual(yield* sentTo({ reply_to: messageIdOf(1) }), { [bob]: null })
    }).pipe(Effect.provide(daemon)))

  it.effect("is for no agent run of somebody else", () =>
    Effect.gen(function*() {
      yield* receive(question(1, asking))

      const to = yield* sentTo({ to: "cy", reply_to: messageIdOf(1) })

      assert.deepStrictEqual(to, { [cy]: null })
    }).pipe(Effect.provide(daemon)))

  it.effect("is for that agent run on the device that asked, and for no run of another device", () =>
    Effect.gen(function*() {
      const [one, other] = [bob, cy].map((device_id): Candidate => ({
        name: "bob",
        member: "bob",
        member_id: memberOf(made, "bob").id,
        device: "box",
        device_id,
        role: "member"
      }))
      const candidates = [one, other].filter((candidate) => candidate !== undefined)
      const twoDevices = Layer.mock(Roster)({
        resolve: (_, to) =>
          Effect.fromResult(
            resolveName(to, { self: memberOf(made, "ada").id, candidates })
          )
      })
      const layer = Layer.fresh(Send.layer).pipe(
        Layer.provide(MessageIndex.layer),
        Layer.provide(twoDevices)
      )
      yield* receive(question(1, asking))

      const to = yield* Effect.provide(sentTo({ reply_to: messageIdOf(1) }), layer)

      assert.deepStrictEqual(to, { [bob]: asking.id, [cy]: null })
    }).pipe(Effect.provide(daemon)))
})

describe("makeAddressing, an agent run of this machine", () => {
  it.effect("is meant where nobody of the mesh has its name", () =>
    Effect.gen(function*() {
      const { id } = yield* begunSession(1, { name: Name.make("api") })
      yield* begunSession(2)

      for (const to of ["api", "@api", " API "]) {
        assert.deepStrictEqual(yield* sentTo({ to, text: to }), { [ada]: id })
      }
    }).pipe(Effect.provide(daemon)))

  it.effect("is meant rather than oneself, whose name it has", () =>
    Effect.gen(function*() {
      const { id } = yield* begunSession(1, { name: Name.make("ada") })

      assert.deepStrictEqual(yield* sentTo({ to: "ada" }), { [ada]: id })
    }).pipe(Effect.provide(daemon)))

  it.effect("hides no member, and nothing that several have", () =>
    Effect.gen(function*() {
      const twins = Layer.mock(Roster)({
        resolve: (_, to) =>
          Effect.fromResult(
            resolveName(to, {
              self: memberOf(made, "ada").id,
              candidates: (["bob", "cy"] as const).map((member): Candidate => ({
                name: member,
                member,
                member_id: memberOf(made, member).id,
                device: "laptop",
                device_id: memberOf(made, member).device,
                role: "member"
              }))
            })
          )
      })
      const layer = Layer.fresh(Send.layer).pipe(
        Layer.provide(MessageIndex.layer),
        Layer.provide(twins)
      )
      yield* begunSession(1, { name: Name.make("bob") })
      yield* begunSession(2, { name: Name.make("laptop") })

      assert.deepStrictEqual(yield* sentTo({ to: "bob" }), { [bob]: null })
      assert.strictEqual(
        yield* Effect.provide(refusalOf({ to: "laptop" }), layer),
        "ambiguous_name"
      )
    }).pipe(Effect.provide(daemon)))

  it.effect.each([
    { what: "that writes itself", otherwise: {}, by: { session: sessionOf(1) } },
    { what: "of another mesh", otherwise: { mesh: elsewhere }, by: {} },
    { what: "that has ended", otherwise: { endedAt: 1 }, by: {} }
  ])("is not meant $what", ({ by, otherwise }) =>
    Effect.gen(function*() {
      yield* begunSession(1, { name: Name.make("api"), ...otherwise })

      assert.strictEqual(yield* refusalOf({ to: "api" }, by), "unknown_name")
    }).pipe(Effect.provide(daemon)))

  it.effect("is answered under its name, and the message says what it answers", () =>
    Effect.gen(function*() {
      const { send } = yield* Send
      const session = yield* begunSession(1, { name: Name.make("api") })
      const first = yield* send({ to: "api", text: "?" })

      const { id } = yield* send({ to: "api", text: "!", reply_to: first.id })

      const { meta, recipients } = yield* outgoing(id)
      assert.strictEqual(meta.reply_to, first.id)
      assert.strictEqual(recipients[0]?.session, session.id)
    }).pipe(Effect.provide(daemon)))
})

describe("makeAddressing, a message that is sent again", () => {
  const hello: SendMessage = { to: "api", text: "hello", id: messageIdOf(50) }

  it.effect("is the same though the agent run that it was for has ended", () =>
    Effect.gen(function*() {
      const { send } = yield* Send
      const session = yield* begunSession(1, { name: Name.make("api") })
      const first = yield* send(hello, { key: "k" })
      yield* endedSession(session)

      assert.deepStrictEqual(yield* send(hello, { key: "k" }), { ...first, isRepeat: true })
      assert.deepStrictEqual(yield* send(hello), { ...first, isRepeat: true })
    }).pipe(Effect.provide(daemon)))

  it.effect("is the same though a member or another agent run has the name now", () =>
    Effect.gen(function*() {
      const { send } = yield* Send
      const session = yield* begunSession(1, { name: Name.make("api") })
      const first = yield* send(hello)
      yield* endedSession(session)
      yield* begunSession(2, { name: Name.make("api") })
      assert.deepStrictEqual(yield* send(hello), { ...first, isRepeat: true })

      yield* Meshes.use(({ learn }) =>
        learn(made.membership.mesh, withJoined(made, "api").statements)
      )

      assert.deepStrictEqual(yield* send(hello), { ...first, isRepeat: true })
      const { recipients } = yield* outgoing(first.id)
      assert.deepStrictEqual(recipients.map(({ session }) => session), [session.id])
    }).pipe(Effect.provide(daemon)))
})

describe("Send.send, for an agent run", () => {
  const by = { session: sessionOf(1) }

  it.effect("says whose word it is", () =>
    Effect.gen(function*() {
      const { send } = yield* Send

      const { id } = yield* send({ to: "bob", text: "!" }, by)

      assert.deepStrictEqual((yield* outgoing(id)).meta, {
        priority: "next",
        session: { id: sessionIdOf(1), name: "api" }
      })
    }).pipe(Effect.provide(daemon)))

  it.effect("takes the same key for the same message, and for another if another says it", () =>
    Effect.gen(function*() {
      const { send } = yield* Send
      const hello = { to: "bob", text: "hello" }
      const first = yield* send(hello, { ...by, key: "deploy 42" })

      assert.deepStrictEqual(yield* send(hello, { ...by, key: "deploy 42" }), {
        ...first,
        isRepeat: true
      })
      assert.strictEqual(
        (yield* Effect.flip(send(hello, { key: "deploy 42" }))).code,
        "id_reused"
      )
    }).pipe(Effect.provide(daemon)))
})

function sessionOf(number: number) {
  return { id: sessionIdOf(number), name: Name.make("api") }
}
