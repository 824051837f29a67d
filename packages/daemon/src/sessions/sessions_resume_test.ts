import { makeMesh } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Option } from "effect"
import { TestClock } from "effect/testing"
import { SqlClient } from "effect/sql"
import { Inbox } from "../inbox/inbox.ts"
import { Surfacing } from "../surfacing/surfacing.ts"
import { FakeProcesses } from "../testing/fake_processes.ts"
import { sessionIdOf } from "../testing/made_sessions.ts"
import { layerMigratedDatabase } from "../testing/migrated_database.ts"
import { layerRegistering, registered, tokenIn } from "../testing/registering.ts"
import { Sessions } from "./sessions.ts"

const stores = Layer.provideMerge(
  Surfacing.layer,
  Layer.provideMerge(Inbox.layer, layerMigratedDatabase())
)
const environment = Layer.provideMerge(layerRegistering, stores)

const id = sessionIdOf(1)
const home = makeMesh("sessions", ["ada"]).membership.mesh
const work = makeMesh("sessions-2", ["ada"]).membership.mesh

const names = Sessions.use(({ list }) => Effect.map(list, (all) => all.map(({ name }) => name)))

describe("Sessions.register, the name", () => {
  it.effect.each([
    { cwd: "/src/api", name: "api" },
    { cwd: "/src/My Site/", name: "my-site" },
    { cwd: "/", name: "session" },
    { cwd: "/src/日本", name: "session" }
  ])("is that of the directory: $cwd", ({ cwd, name }) =>
    Effect.gen(function*() {
      assert.strictEqual((yield* registered(7, { cwd })).name, name)
    }).pipe(Effect.provide(environment)))

  it.effect("gets a number where another that runs has it", () =>
    Effect.gen(function*() {
      yield* registered(1)
      yield* registered(2, { name: "api" })
      yield* registered(3)

      assert.sameMembers(yield* names, ["api", "api-2", "api-3"])
    }).pipe(Effect.provide(environment)))

  it.effect("gets none where another had it that has ended", () =>
    Effect.gen(function*() {
      const { end } = yield* Sessions
      yield* end((yield* registered(1)).id)

      yield* registered(2)

      assert.deepStrictEqual(yield* names, ["api"])
    }).pipe(Effect.provide(environment)))

  it.effect("is had by one of two that register at once", () =>
    Effect.gen(function*() {
      yield* Effect.all([registered(1), registered(2), registered(3)], {
        concurrency: "unbounded"
      })

      assert.sameMembers(yield* names, ["api", "api-2", "api-3"])
    }).pipe(Effect.provide(environment)))
})

describe("Sessions.register, an id that is known", () => {
  it.effect("keeps what is not said again, though the session has ended", () =>
    Effect.gen(function*() {
      const { end } = yield* Sessions
      const first = yield* registered(1, {
        id,
        name: "db",
        agent: "claude",
        mode: "inbox",
        unprompted: true,
        mesh: home,
        role: "reviewer",
        groups: [{ name: "web", role: "lead" }, { name: "all" }],
        caps: ["dm", "read"]
      })
      yield* end(id)
      yield* TestClock.adjust("1 hour")

      const again = yield* registered(2, { id, otherwise: work })

      assert.deepStrictEqual(again, { ...first, pid: 2 })
    }).pipe(Effect.provide(environment)))

  it.effect("takes over what is said", () =>
    Effect.gen(function*() {
      yield* registered(1, {
        id,
        name: "db",
        mode: "inbox",
        mesh: home,
        unprompted: true,
        role: "reviewer",
        groups: [{ name: "all" }]
      })

      const again = yield* registered(2, {
        id,
        cwd: "/src/web",
        name: "web",
        mode: "off",
        mesh: work,
        unprompted: false,
        role: "tester",
        groups: []
      })

      assert.deepInclude(again, {
        cwd: "/src/web",
        name: "web",
        mode: "off",
        mesh: work,
        unprompted: false,
        role: "tester"
      })
      assert.notProperty(again, "groups")
    }).pipe(Effect.provide(environment)))

  it.effect("takes over the limit of another launch, as what it is resumed with", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual((yield* registered(1, { id, caps: ["dm"] })).caps, ["dm"])
      assert.deepStrictEqual((yield* registered(2, { id, caps: ["read"] })).caps, ["read"])
      assert.notProperty(yield* registered(3, { id, caps: null }), "caps")
      assert.deepStrictEqual((yield* registered(4, { id, caps: ["read"] })).caps, ["read"])
    }).pipe(Effect.provide(environment)))

  it.effect("keeps the limit that its user has said since, where the same process says its own again", () =>
    Effect.gen(function*() {
      const { end, revise } = yield* Sessions
      yield* registered(1, { id, caps: ["dm", "read"] })
      assert.deepStrictEqual((yield* registered(1, { id, caps: ["dm", "read"] })).caps, [
        "dm",
        "read"
      ])

      yield* revise(id, { caps: ["read"] })
      assert.deepStrictEqual((yield* registered(1, { id, caps: ["dm", "read"] })).caps, ["read"])
      yield* end(id)
      assert.deepStrictEqual((yield* registered(1, { id, caps: ["dm", "read"] })).caps, ["read"])
    }).pipe(Effect.provide(environment)))

  it.effect("takes the current mesh where it never had one", () =>
    Effect.gen(function*() {
      assert.notProperty(yield* registered(1, { id }), "mesh")

      assert.strictEqual((yield* registered(1, { id, otherwise: work })).mesh, work)
      assert.strictEqual((yield* registered(1, { id, otherwise: home })).mesh, work)
    }).pipe(Effect.provide(environment)))

  it.effect("keeps its own name while it runs, and gets a number where it was given away", () =>
    Effect.gen(function*() {
      const { end } = yield* Sessions
      yield* registered(1, { id })
      assert.strictEqual((yield* registered(1, { id })).name, "api")
      yield* end(id)
      yield* registered(2)

      assert.strictEqual((yield* registered(1, { id })).name, "api-2")
    }).pipe(Effect.provide(environment)))

  it.effect("is one session when it registers twice at once, and its file holds the token that counts", () =>
    Effect.gen(function*() {
      const { authenticate, list } = yield* Sessions
      yield* Effect.all([registered(1, { id }), registered(2, { id })], {
        concurrency: "unbounded"
      })

      const all = yield* list

      assert.deepStrictEqual(all.map(({ name }) => name), ["api"])
      const { token_file } = yield* registered(3)
      const known = yield* authenticate(tokenIn(token_file.replace(/[^/]+$/, `${id}.token`)))
      assert.strictEqual(Option.getOrThrow(known).id, id)
    }).pipe(Effect.provide(environment)))
})

describe("Sessions.ended", () => {
  it.effect("lists those that can be resumed, the latest first, with when they ended", () =>
    Effect.gen(function*() {
      const { end, ended } = yield* Sessions
      const [one, other] = [yield* registered(1, { name: "db" }), yield* registered(2)]
      yield* registered(3)
      yield* TestClock.adjust("1 second")
      yield* end(one.id)
      yield* TestClock.adjust("1 second")
      yield* end(other.id)

      assert.deepStrictEqual((yield* ended).map(({ ended_at, name }) => [name, ended_at]), [
        ["api", 2_000],
        ["db", 1_000]
      ])
    }).pipe(Effect.provide(environment)))
})

describe("Sessions.end", () => {
  it.effect("lists and shows it no more, and knows its token no more", () =>
    Effect.gen(function*() {
      const { authenticate, end, list, revise, show } = yield* Sessions
      const token = tokenIn((yield* registered(1, { id })).token_file)
      assert.isTrue(Option.isSome(yield* authenticate(token)))

      yield* end(id)

      assert.deepStrictEqual(yield* list, [])
      assert.isTrue(Option.isNone(yield* authenticate(token)))
      assert.strictEqual((yield* Effect.flip(show(id))).code, "session_not_found")
      assert.strictEqual((yield* Effect.flip(revise(id, {}))).code, "session_not_found")
    }).pipe(Effect.provide(environment)))

  it.effect("is not undone by a word that comes at the same time", () =>
    Effect.gen(function*() {
      const { end, list, revise } = yield* Sessions
      yield* registered(1, { id })

      yield* Effect.all([Effect.ignore(revise(id, { name: "db" })), end(id)], {
        concurrency: "unbounded"
      })

      assert.deepStrictEqual(yield* list, [])
    }).pipe(Effect.provide(environment)))

  it.effect("is remembered for 30 days", () =>
    Effect.gen(function*() {
      const { endOrphans } = yield* Sessions
      yield* registered(1, { id, name: "db" })
      yield* (yield* FakeProcesses).end(1)
      yield* endOrphans
      yield* TestClock.adjust("30 days")
      yield* registered(2)
      assert.strictEqual((yield* registered(1, { id })).name, "db")

      yield* (yield* FakeProcesses).end(1)
      yield* endOrphans
      yield* TestClock.adjust("721 hours")
      yield* registered(3)

      assert.strictEqual((yield* registered(1, { id, cwd: "/src/web" })).name, "web")
    }).pipe(Effect.provide(environment)))
})

describe("Sessions.register, a thousand that run", () => {
  /** So many more that run, beside those that were registered. */
  const crowd = Effect.fnUntraced(function*(count: number) {
    const sql = yield* SqlClient.SqlClient
    yield* sql`INSERT INTO sessions (id, name, cwd, pid, process_mark, started_at, token_hash)
      WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${count})
      SELECT printf('10000000-0000-4000-8000-%012d', n), 'other-' || n, '/', 1, '', 0, 'hash ' || n
      FROM numbers`
  })

  it.effect("refuses one more, and not one of them", () =>
    Effect.gen(function*() {
      yield* registered(1, { id })
      yield* crowd(999)

      const refusal = yield* Effect.flip(registered(2))

      assert.deepInclude(refusal, {
        code: "overloaded",
        message: "Cannot register session \"api\": there are 1000"
      })
      assert.strictEqual((yield* registered(1, { id })).id, id)
    }).pipe(Effect.provide(environment)))

  it.effect("does not count those that have ended, and resumes none beyond that", () =>
    Effect.gen(function*() {
      const { end } = yield* Sessions
      yield* registered(1, { id })
      yield* end(id)
      yield* crowd(999)

      const last = yield* registered(2)

      assert.strictEqual((yield* Effect.flip(registered(1, { id }))).code, "overloaded")
      yield* end(last.id)
      assert.strictEqual((yield* registered(1, { id })).id, id)
    }).pipe(Effect.provide(environment)))
})
