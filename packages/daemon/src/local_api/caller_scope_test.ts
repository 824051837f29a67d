import { Caller, ChangesTrust, LocalApi } from "@claudemesh/protocol/local_api"
import { makeMesh } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Option } from "effect"
import { HttpClientRequest, HttpRouter, HttpServerRequest } from "effect/http"
import { HttpApiBuilder } from "effect/http-api"
import { readFileSync } from "node:fs"
import { Inbox } from "../inbox/inbox.ts"
import { Outbox } from "../outbox/outbox.ts"
import { Sessions } from "../sessions/sessions.ts"
import { callerAt, places } from "../testing/caller_at.ts"
import { sessionIdOf } from "../testing/made_sessions.ts"
import { layerMadeLocalApiWith } from "../testing/made_local_api.ts"
import { layerRegistering, registered } from "../testing/registering.ts"
import { onlyTightening, ownSession } from "./caller_scope.ts"

const made = makeMesh("caller_scope", ["ada", "bob"])
const mesh = made.membership.mesh
const daemon = layerMadeLocalApiWith(layerRegistering, made, "ada")

/** What an agent may not do: it changes whom or what its user trusts. A new endpoint belongs here or below. */
const CLOSED = [
  "meshes.create",
  "meshes.join",
  "meshes.use",
  "meshes.leave",
  "invites.create",
  "invites.list",
  "invites.revoke",
  "surfacing.accept",
  "surfacing.drop"
]

/** What it may. */
const OPEN = [
  "daemon.status",
  "daemon.shutdown",
  "meshes.list",
  "meshes.show",
  "roster.peers",
  "calls.ping",
  "messages.send",
  "messages.show",
  "messages.inbox",
  "messages.read",
  "messages.readAll",
  "outbox.list",
  "outbox.show",
  "outbox.requeue",
  "outbox.cancel",
  "search.messages",
  "sessions.list",
  "sessions.ended",
  "sessions.register",
  "sessions.show",
  "sessions.revise",
  "sessions.end",
  "surfacing.feed",
  "surfacing.report",
  "surfacing.held",
  "events.watch"
]

const refusalAt = Effect.fnUntraced(function*(name: string, authorization: string) {
  return yield* Effect.flip(callerAt(name, authorization))
})

/** The header of a session that has just begun. */
const agent = Effect.gen(function*() {
  const { id, token_file } = yield* registered(7)
  return { id, bearer: `Bearer ${readFileSync(token_file, "utf8")}` }
})

describe("CallerScope", () => {
  it("has a place for each endpoint, open to agents or closed", () => {
    assert.sameMembers([...places.keys()], [...OPEN, ...CLOSED])
    const closed = [...places].filter(([, { endpoint }]) =>
      Context.get(endpoint.annotations, ChangesTrust)
    )
    assert.sameMembers(closed.map(([name]) => name), CLOSED)
  })

  it.effect("takes whoever brings no token for the user, who may do everything", () =>
    Effect.gen(function*() {
      for (const name of places.keys()) {
        assert.strictEqual(yield* callerAt(name), "the user", name)
      }
    }).pipe(Effect.provide(daemon)))

  it.effect("knows an agent by its token wherever it may ask", () =>
    Effect.gen(function*() {
      const { bearer, id } = yield* agent

      for (const name of OPEN) assert.strictEqual(yield* callerAt(name, bearer), id, name)
    }).pipe(Effect.provide(daemon)))

  it.effect("keeps an agent from all that changes whom its user trusts", () =>
    Effect.gen(function*() {
      const { bearer } = yield* agent

      for (const name of CLOSED) {
        assert.deepInclude(yield* refusalAt(name, bearer), {
          code: "not_permitted",
          message:
            "Cannot do this for agent \"api\": it changes whom you trust; do it yourself, outside of the agent"
        }, name)
      }
    }).pipe(Effect.provide(daemon)))

  it.effect.each([
    { what: "one that nobody has", header: () => `Bearer ${"A".repeat(43)}` },
    { what: "one that is too short", header: (bearer: string) => bearer.slice(0, -1) },
    { what: "one that is too long", header: (bearer: string) => `${bearer}A` },
    { what: "one with letters of no token", header: () => `Bearer ${"+".repeat(43)}` },
    {
      what: "one in another scheme",
      header: (bearer: string) => bearer.replace("Bearer", "Basic")
    },
    { what: "none after all", header: () => "" }
  ])("takes no token for the user's word: $what", ({ header }) =>
    Effect.gen(function*() {
      const { bearer } = yield* agent

      const refusal = yield* refusalAt("messages.send", header(bearer))

      assert.deepInclude(refusal, {
        code: "not_permitted",
        message: "Cannot tell which session asks: its token is not, or no longer, known"
      })
    }).pipe(Effect.provide(daemon)))

  it.effect("knows the token of a session no more that has ended, or has another by now", () =>
    Effect.gen(function*() {
      const { bearer, id } = yield* agent
      yield* registered(8, { id })
      assert.deepInclude(yield* refusalAt("meshes.list", bearer), { code: "not_permitted" })

      const other = yield* agent
      yield* Sessions.use(({ end }) => end(other.id))
      assert.deepInclude(yield* refusalAt("meshes.list", other.bearer), { code: "not_permitted" })
    }).pipe(Effect.provide(daemon)))
})

describe("CallerScope, over HTTP", () => {
  const answerTo = Effect.fnUntraced(
    function*(path: string, body: unknown, headers: Record<string, string>) {
      const handler = yield* HttpRouter.toHttpEffect(HttpApiBuilder.layer(LocalApi))
      const request = HttpClientRequest.post(`http://daemon${path}`).pipe(
        HttpClientRequest.setHeaders(headers),
        HttpClientRequest.bodyJsonUnsafe(body)
      )
      const response = yield* Effect.provideService(
        handler,
        HttpServerRequest.HttpServerRequest,
        HttpServerRequest.fromClientRequest(request)
      )
      return response.status
    },
    Effect.scoped
  )

  it.effect("sends what an agent says under its name, and what the user says under none", () =>
    Effect.gen(function*() {
      const { bearer, id } = yield* agent
      const { find, pending } = yield* Outbox
      const hello = { to: "bob", text: "hello" }

      const statuses = [
        yield* answerTo("/v1/messages", hello, { authorization: bearer }),
        yield* answerTo("/v1/messages", hello, {})
      ]

      const rows = yield* pending(mesh, { after: 0, limit: 10 })
      const sent = yield* Effect.forEach(rows, find)
      assert.deepStrictEqual(statuses, [202, 202])
      assert.deepStrictEqual(
        sent.map((message) => Option.getOrThrow(message).meta.session),
        [{ id, name: "api" }, undefined]
      )
    }).pipe(Effect.provide(daemon)))

  it.effect("changes nothing where it refuses", () =>
    Effect.gen(function*() {
      const { bearer } = yield* agent
      const unread = Inbox.use((inbox) => inbox.unread({ mesh }))

      assert.strictEqual(
        yield* answerTo("/v1/meshes/leave", { mesh: "home" }, { authorization: bearer }),
        403
      )
      assert.strictEqual(
        yield* answerTo("/v1/messages", { to: "bob", text: "hello" }, {
          authorization: "Bearer x"
        }),
        403
      )

      assert.strictEqual(yield* Outbox.use(({ open }) => open(mesh)), 0)
      assert.strictEqual(yield* unread, 0)
    }).pipe(Effect.provide(daemon)))
})

describe("an agent's word on its own session, over HTTP", () => {
  /** What holds of the session after that was posted with a token, or by its user without one. */
  const after = Effect.fnUntraced(
    function*(body: unknown, { bearer, id }: { readonly id: string; readonly bearer?: string }) {
      const handler = yield* HttpRouter.toHttpEffect(HttpApiBuilder.layer(LocalApi))
      const request = HttpClientRequest.post(`http://daemon/v1/sessions/${id}`).pipe(
        HttpClientRequest.setHeaders(bearer === undefined ? {} : { authorization: bearer }),
        HttpClientRequest.bodyJsonUnsafe(body)
      )
      const { status } = yield* Effect.provideService(
        handler,
        HttpServerRequest.HttpServerRequest,
        HttpServerRequest.fromClientRequest(request)
      )
      const [session] = yield* Sessions.use(({ list }) => list)
      return { answer: status, ...session }
    },
    Effect.scoped
  )

  it.effect("tightens what protects it and never loosens it, and counts in all else", () =>
    Effect.gen(function*() {
      const own = yield* agent
      yield* after({ unprompted: true }, own)

      const loosened = yield* after({ unprompted: false, carrier: "hook", role: "reviewer" }, own)

      assert.deepInclude(loosened, {
        answer: 200,
        unprompted: true,
        carrier: "hook",
        role: "reviewer"
      })
      assert.isFalse((yield* after({ unprompted: false }, { id: own.id })).unprompted)
      assert.isFalse((yield* after({ unprompted: false }, own)).unprompted)
    }).pipe(Effect.provide(daemon)))

  it.effect("is not taken for another one's, be it to register it", () =>
    Effect.gen(function*() {
      const [own, other] = [yield* agent, yield* registered(8, { name: "db" })]
      const handler = yield* HttpRouter.toHttpEffect(HttpApiBuilder.layer(LocalApi))
      const statuses = yield* Effect.forEach([other.id, own.id, undefined], (id) => {
        const request = HttpClientRequest.post("http://daemon/v1/sessions").pipe(
          HttpClientRequest.setHeaders({ authorization: own.bearer }),
          HttpClientRequest.bodyJsonUnsafe({ id, cwd: "/src/api", pid: 8, unprompted: false })
        )
        return Effect.map(
          Effect.provideService(
            handler,
            HttpServerRequest.HttpServerRequest,
            HttpServerRequest.fromClientRequest(request)
          ),
          ({ status }) => status
        )
      })

      assert.deepStrictEqual(statuses, [403, 200, 403])
    }).pipe(Effect.scoped, Effect.provide(daemon)))
})

describe("onlyTightening", () => {
  it.effect("leaves out of an agent's word alone that it asks a human first", () =>
    Effect.gen(function*() {
      const asking = { session: Option.some(sessionIdOf(1)) }
      const nobody = { session: Option.none() }
      const loose = { mode: "off", unprompted: false }
      const tight = { mode: "off", unprompted: true }

      for (
        const [said, caller, taken] of [
          [loose, asking, { mode: "off" }],
          [loose, nobody, loose],
          [tight, asking, tight]
        ] as const
      ) {
        const left = yield* Effect.provideService(onlyTightening(said), Caller, caller)
        assert.deepStrictEqual<unknown>(left, taken)
      }
    }))
})

describe("ownSession", () => {
  const [own, another] = [sessionIdOf(1), sessionIdOf(2)]

  it.effect("lets the user at any session, and an agent at its own", () =>
    Effect.gen(function*() {
      yield* Effect.provideService(ownSession(another), Caller, { session: Option.none() })
      yield* Effect.provideService(ownSession(own), Caller, { session: Option.some(own) })
    }))

  it.effect("keeps an agent from another's", () =>
    Effect.gen(function*() {
      const asking = { session: Option.some(own) }

      const refusal = yield* Effect.flip(Effect.provideService(ownSession(another), Caller, asking))

      assert.deepInclude(refusal, { code: "not_permitted" })
      assert.include(refusal.message, another)
    }))
})
