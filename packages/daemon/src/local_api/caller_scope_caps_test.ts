import { type Capabilities, Capability } from "@claudemesh/protocol"
import { ChangesTrust, LocalApi, Takes } from "@claudemesh/protocol/local_api"
import { makeMesh } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Cause, Context, Effect, Exit } from "effect"
import { HttpClientRequest, HttpRouter, HttpServerRequest } from "effect/http"
import { HttpApiBuilder } from "effect/http-api"
import { readFileSync } from "node:fs"
import { Sessions } from "../sessions/sessions.ts"
import { callerAt, callerAtPlace, places } from "../testing/caller_at.ts"
import { FakeProcesses } from "../testing/fake_processes.ts"
import { layerMadeLocalApiWith } from "../testing/made_local_api.ts"
import { layerRegistering, registered } from "../testing/registering.ts"

const made = makeMesh("caller_scope_caps", ["ada", "bob"])
const daemon = layerMadeLocalApiWith(layerRegistering, made, "ada")

/** What each endpoint that agents may ask takes of one that is limited. A new endpoint belongs here. */
const TAKEN: Readonly<Record<string, Capability | "nothing">> = {
  "daemon.status": "nothing",
  "daemon.shutdown": "daemon",
  "meshes.list": "nothing",
  "meshes.show": "peers",
  "roster.peers": "peers",
  "calls.ping": "peers",
  "messages.send": "dm",
  "messages.show": "read",
  "messages.inbox": "read",
  "messages.read": "read",
  "messages.readAll": "read",
  "outbox.list": "read",
  "outbox.show": "read",
  "outbox.requeue": "dm",
  "outbox.cancel": "dm",
  "search.messages": "read",
  // The push pipe speaks with the same token: what it needs takes nothing, so that messages still arrive.
  "sessions.list": "nothing",
  "sessions.ended": "nothing",
  "sessions.register": "nothing",
  "sessions.show": "nothing",
  "sessions.revise": "nothing",
  "sessions.end": "nothing",
  "surfacing.feed": "nothing",
  "surfacing.report": "nothing",
  "surfacing.held": "read",
  "events.watch": "read"
}

/** A session that has begun, limited or not. */
const agent = Effect.fnUntraced(function*(caps: Capabilities | null, pid = 7) {
  const { id, token_file } = yield* registered(pid, { name: "api", caps })
  return { id, bearer: `Bearer ${readFileSync(token_file, "utf8")}` }
})

/** At which endpoints such an agent is refused. */
const refusedTo = Effect.fnUntraced(function*(bearer: string) {
  const names = Object.keys(TAKEN)
  const exits = yield* Effect.forEach(names, (name) => Effect.exit(callerAt(name, bearer)))
  return names.filter((_, at) => exits[at]?._tag === "Failure")
})

describe("CallerScope, of an agent that is limited", () => {
  it("knows of each endpoint that it changes trust, what it takes, or that it takes nothing", () => {
    for (const [name, { endpoint }] of places) {
      const taken = Context.get(endpoint.annotations, Takes)
      assert.strictEqual(taken, TAKEN[name], name)
      assert.strictEqual(taken === undefined, Context.get(endpoint.annotations, ChangesTrust), name)
    }
    assert.sameMembers(
      [...new Set(Object.values(TAKEN))],
      ["nothing", ...Capability.literals]
    )
  })

  it.effect.each(Capability.literals)(
    "refuses what takes another capability than %s",
    (own) =>
      Effect.gen(function*() {
        const { bearer } = yield* agent([own])

        const expected = Object.entries(TAKEN).filter(([, taken]) =>
          taken !== "nothing" && taken !== own
        )
        assert.deepStrictEqual(yield* refusedTo(bearer), expected.map(([name]) => name))
      }).pipe(Effect.provide(daemon))
  )

  it.effect("refuses nothing for want of a capability where there is no limit", () =>
    Effect.gen(function*() {
      const { bearer } = yield* agent(null)

      assert.deepStrictEqual(yield* refusedTo(bearer), [])
    }).pipe(Effect.provide(daemon)))

  it.effect("names the capability, the agent, and what would work", () =>
    Effect.gen(function*() {
      const { bearer } = yield* agent(["read", "peers"])

      const refusal = yield* Effect.flip(callerAt("messages.send", bearer))

      assert.deepInclude(refusal, {
        code: "agent_limited",
        message:
          "Cannot do this for agent \"api\": it takes \"dm\", and the agent is limited to read,peers; outside of it you may type claudemesh session caps api read,peers,dm, or launch it with --caps read,peers,dm"
      })
    }).pipe(Effect.provide(daemon)))

  it.effect("counts what the user says from then on", () =>
    Effect.gen(function*() {
      const { bearer, id } = yield* agent(["read"])
      const { revise } = yield* Sessions

      yield* revise(id, { caps: ["dm"] })
      assert.strictEqual(yield* callerAt("messages.send", bearer), id)
      assert.include(yield* refusedTo(bearer), "messages.inbox")

      yield* revise(id, { caps: null })
      assert.deepStrictEqual(yield* refusedTo(bearer), [])
    }).pipe(Effect.provide(daemon)))

  it.effect("answers no agent where nobody has said what it takes", () =>
    Effect.gen(function*() {
      const { bearer } = yield* agent(null)
      const place = places.get("daemon.status") ?? (yield* Effect.die("It is not there"))
      const unsaid = { ...place, endpoint: place.endpoint.annotate(Takes, undefined) }

      const exit = yield* Effect.exit(callerAtPlace(unsaid, bearer))

      assert.isTrue(Exit.isFailure(exit) && Cause.hasDies(exit.cause))
      assert.strictEqual(yield* callerAtPlace(unsaid), "the user")
    }).pipe(Effect.provide(daemon)))
})

describe("an agent's word on its own limit, over HTTP", () => {
  const answerTo = Effect.fnUntraced(
    function*(path: string, body: unknown, headers: Record<string, string> = {}) {
      const handler = yield* HttpRouter.toHttpEffect(HttpApiBuilder.layer(LocalApi))
      const request = HttpClientRequest.post(`http://daemon${path}`).pipe(
        HttpClientRequest.setHeaders(headers),
        HttpClientRequest.bodyJsonUnsafe(body)
      )
      const { status } = yield* Effect.provideService(
        handler,
        HttpServerRequest.HttpServerRequest,
        HttpServerRequest.fromClientRequest(request)
      )
      return status
    },
    Effect.scoped
  )
  const limits = Sessions.use(({ list }) => Effect.map(list, (all) => all.map(({ caps }) => caps)))

  it.effect("is refused, be it to have less, and its user's is not", () =>
    Effect.gen(function*() {
      const { bearer: authorization, id } = yield* agent(["read", "dm"])
      const path = `/v1/sessions/${id}`

      for (const caps of [null, ["read", "dm", "peers"], ["read"]]) {
        const run = { id, cwd: "/src/api", pid: 7, caps }
        assert.strictEqual(yield* answerTo(path, { caps }, { authorization }), 403)
        assert.strictEqual(yield* answerTo("/v1/sessions", run, { authorization }), 403)
      }
      assert.deepStrictEqual(yield* limits, [["read", "dm"]])

      assert.strictEqual(yield* answerTo(path, { mode: "inbox" }, { authorization }), 200)
      assert.strictEqual(yield* answerTo(path, { caps: ["read"] }), 200)
      assert.deepStrictEqual(yield* limits, [["read"]])
      assert.strictEqual(yield* answerTo(path, { caps: null }), 200)
      assert.deepStrictEqual(yield* limits, [undefined])
    }).pipe(Effect.provide(daemon)))

  it.effect("holds for what it registers: itself with another process, and others", () =>
    Effect.gen(function*() {
      const { bearer: authorization, id } = yield* agent(["read"])
      yield* FakeProcesses.use(({ start }) => start(8, "first"))

      const other = { cwd: "/src/web", pid: 8 }
      assert.strictEqual(yield* answerTo("/v1/sessions", other, { authorization }), 200)
      assert.strictEqual(yield* answerTo("/v1/sessions", { ...other, id }, { authorization }), 200)

      assert.deepStrictEqual(yield* limits, [["read"], ["read"]])
    }).pipe(Effect.provide(daemon)))
})
