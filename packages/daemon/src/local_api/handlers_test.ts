import { NodeHttpServer } from "@effect/platform-node"
import { refused } from "@claudemesh/protocol"
import { LocalApi } from "@claudemesh/protocol/local_api"
import { layerSeededRandom, MADE_AT, makeMesh, memberOf, messageIdOf } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Ref } from "effect"
import { HttpApiTest } from "effect/http-api"
import { SqlClient } from "effect/sql"
import { Links } from "../broker_link/links.ts"
import { Invites } from "../membership/invites.ts"
import { Join } from "../membership/join.ts"
import { Leave } from "../membership/leave.ts"
import { MessageIndex } from "../messages/message_index.ts"
import { Outbox } from "../outbox/outbox.ts"
import { Send } from "../outbox/send.ts"
import { Sessions } from "../sessions/sessions.ts"
import { Shutdown } from "../shutdown.ts"
import { layerMadeDaemon, theMesh } from "../testing/made_daemon.ts"
import { DaemonInfo } from "./daemon_info.ts"
import * as Handlers from "./handlers.ts"

const made = makeMesh("handlers", ["ada", "bob"])
const mesh = made.membership.mesh
const bob = memberOf(made, "bob").device
const offers = Ref.makeUnsafe<ReadonlyArray<unknown>>([])
const unused = Layer.mergeAll(
  Layer.mock(DaemonInfo)({ pid: 7, status: Effect.die("not part of the test") }),
  Layer.mock(Sessions)({ list: Effect.succeed([]) }),
  Layer.mock(Leave)({ leave: () => Effect.succeed(true) }),
  Layer.mock(Invites)({
    create: (_, offer) =>
      Effect.andThen(
        Ref.update(offers, (all) => [...all, offer]),
        Effect.fail(refused("not_permitted", "No"))
      )
  }),
  Layer.mock(Links)({
    attachment: () => Effect.fail(refused("broker_unreachable", "Nobody answers"))
  })
)
const daemon = Handlers.layer.pipe(
  Layer.provide(
    Layer.effect(
      Join,
      Effect.map(
        theMesh,
        (here) => Join.of({ found: () => Effect.succeed(here), join: () => Effect.succeed(here) })
      )
    )
  ),
  Layer.provide(unused),
  Layer.provideMerge(Send.layer),
  Layer.provide(MessageIndex.layer),
  Layer.provideMerge(layerMadeDaemon(made, "ada")),
  Layer.provideMerge(Layer.mergeAll(Shutdown.layer, NodeHttpServer.layerHttpServices)),
  Layer.provide(layerSeededRandom("handlers"))
)

const client = HttpApiTest.groups(LocalApi, [
  "daemon",
  "meshes",
  "invites",
  "roster",
  "messages",
  "sessions",
  "events"
])

/** Messages that came, numbered from one. */
const arrived = Effect.fnUntraced(function*(count: number) {
  const sql = yield* SqlClient.SqlClient
  for (let number = 1; number <= count; number++) {
    yield* sql`INSERT INTO inbox ${
      sql.insert({
        mesh,
        sender: bob,
        id: messageIdOf(number),
        commitment: "A",
        meta: "{\"priority\":\"next\"}",
        text: `${number}`,
        sentAt: MADE_AT,
        receivedAt: MADE_AT
      })
    }`
  }
})

describe("messages", () => {
  it.effect("are accepted, and shown as they are", () =>
    Effect.gen(function*() {
      const { messages } = yield* client

      const sent = yield* messages.send({ payload: { to: "bob", text: "hello" } })
      const shown = yield* messages.show({ params: { id: sent.id.slice(0, 20) } })

      assert.deepStrictEqual(shown, sent)
      assert.deepInclude(sent, { direction: "sent", to: "bob", state: "queued", text: "hello" })
      assert.strictEqual(yield* Outbox.use(({ open }) => open(mesh)), 1)
    }).pipe(Effect.provide(daemon)))

  it.effect("are refused with their code and candidates", () =>
    Effect.gen(function*() {
      const { messages } = yield* client

      const refusal = yield* Effect.flip(messages.send({ payload: { to: "bop", text: "hello" } }))

      assert.deepInclude(refusal, { code: "unknown_name", candidates: ["bob"] })
    }).pipe(Effect.provide(daemon)))

  it.effect("come in pages, with word of whether there are more", () =>
    Effect.gen(function*() {
      const { messages } = yield* client
      yield* arrived(25)

      const usual = yield* messages.inbox({ query: {} })
      const all = yield* messages.inbox({ query: { limit: 1_000 } })
      const least = yield* messages.inbox({ query: { limit: -5 } })

      assert.deepStrictEqual([usual.items.length, usual.more, usual.unread], [20, true, 25])
      assert.strictEqual(usual.items.at(-1)?.text, "25")
      assert.deepStrictEqual([all.items.length, all.more], [25, false])
      assert.deepStrictEqual(least.items.map(({ text }) => text), ["25"])
    }).pipe(Effect.provide(daemon)))

  it.effect("are marked as read", () =>
    Effect.gen(function*() {
      const { messages } = yield* client
      yield* arrived(2)

      const { changed } = yield* messages.read({ payload: { ids: [messageIdOf(1)] } })
      const left = yield* messages.inbox({ query: { unread: true } })

      assert.strictEqual(changed, 1)
      assert.deepStrictEqual(left.items.map(({ text }) => text), ["2"])
    }).pipe(Effect.provide(daemon)))
})

describe("messages.read", () => {
  it.effect("takes thousands at once, and refuses more", () =>
    Effect.gen(function*() {
      const { messages } = yield* client
      const ids = Array.from({ length: 10_000 }, (_, at) => messageIdOf(at))

      const { changed } = yield* messages.read({ payload: { ids } })
      const refusal = yield* Effect.flip(
        messages.read({ payload: { ids: [...ids, messageIdOf(1)] } })
      )

      assert.strictEqual(changed, 0)
      assert.deepInclude(refusal, { code: "too_large" })
    }).pipe(Effect.provide(daemon)))
})

describe("meshes", () => {
  it.effect("are listed, shown and chosen by name", () =>
    Effect.gen(function*() {
      const { meshes } = yield* client

      const { items } = yield* meshes.list()
      const shown = yield* meshes.show({ query: { mesh: "home" } })
      const used = yield* meshes.use({ payload: { mesh: mesh.slice(0, 10) } })

      assert.deepStrictEqual(items.map(({ name }) => name), ["home"])
      assert.deepStrictEqual(shown.roster.map(({ member }) => member), ["ada", "bob"])
      assert.strictEqual(used.mesh, mesh)
      const refusal = yield* Effect.flip(meshes.show({ query: { mesh: "work" } }))
      assert.deepInclude(refusal, { code: "mesh_not_found", candidates: ["home"] })
    }).pipe(Effect.provide(daemon)))

  it.effect("are there once joined, although the connection is not yet", () =>
    Effect.gen(function*() {
      const { meshes } = yield* client

      const joined = yield* meshes.join({ payload: { link: "http://x" } })

      assert.deepInclude(joined, { mesh, member: "ada" })
    }).pipe(Effect.provide(daemon)))

  it.effect("are left", () =>
    Effect.gen(function*() {
      const { meshes } = yield* client

      const left = yield* meshes.leave({ payload: { mesh: "home" } })

      assert.deepStrictEqual(left, { mesh, name: "home", announced: true })
    }).pipe(Effect.provide(daemon)))
})

describe("the rest", () => {
  it.effect("offers a day and one use where nothing is said", () =>
    Effect.gen(function*() {
      const { invites } = yield* client

      const refusal = yield* Effect.flip(invites.create({ payload: {} }))

      assert.deepInclude(refusal, { code: "not_permitted" })
      assert.deepStrictEqual(yield* Ref.get(offers), [
        { role: "member", maxUses: 1, expiresInMillis: 86_400_000 }
      ])
    }).pipe(Effect.provide(daemon)))

  it.effect("lists whom one can send to", () =>
    Effect.gen(function*() {
      const { roster } = yield* client

      const { items, mesh_name } = yield* roster.peers({ query: {} })

      assert.strictEqual(mesh_name, "home")
      assert.deepStrictEqual(items.map(({ name, self }) => [name, self]), [["ada", true], [
        "bob",
        false
      ]])
    }).pipe(Effect.provide(daemon)))

  it.effect("asks for the end of the daemon", () =>
    Effect.gen(function*() {
      const { daemon } = yield* client
      const { awaited } = yield* Shutdown

      assert.deepStrictEqual(yield* daemon.shutdown(), { pid: 7 })
      yield* awaited
    }).pipe(Effect.provide(daemon)))
})
