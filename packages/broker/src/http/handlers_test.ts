import {
  BrokerApi,
  inviteIdOf,
  joinMesh,
  type MeshId,
  nextStatement,
  openInviteInput,
  type Statement
} from "@claudemesh/protocol"
import { sign, type SignKeyPair, signKeyPair, toBase64Url } from "@claudemesh/protocol/crypto"
import {
  appended,
  layerSeededRandom,
  MADE_AT,
  makeMember,
  makeMesh,
  memberOf,
  statementBy
} from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Redacted, Result } from "effect"
import { HttpServer } from "effect/http"
import { HttpApiTest } from "effect/http-api"
import { TestClock } from "effect/testing"
import type { FoundedMeshes } from "../data/founded_meshes.ts"
import { layerMemoryBroker } from "../gateway/testing/memory_broker.ts"
import { OwnOrigins } from "../gateway/own_origins.ts"
import { Readiness } from "../readiness.ts"
import { Founding } from "./founding.ts"
import * as Handlers from "./handlers.ts"

const origin = "http://127.0.0.1:7843"
const code = "first admin"
const base = makeMesh("http", ["ada"])
const other = makeMesh("http elsewhere", ["eve"])

/** A mesh whose log ends with an offer. */
function offering(max_uses: number, expires = MADE_AT + 60_000) {
  const invite = signKeyPair(Redacted.make(base.bytes(32)))
  const key = toBase64Url(invite.publicKey)
  const content = { kind: "invite", body: { key, role: "member", max_uses, expires } } as const
  return { invite, id: inviteIdOf(key), mesh: appended(base, statementBy(base, "ada", content)) }
}

const offer = offering(1)

function joining(name: string, { invite, mesh } = offer) {
  const { device, key, record } = makeMember(name, base.bytes)
  const newcomer = { name, key, device: record }
  return { device, statement: joinMesh(mesh.membership, newcomer, { at: MADE_AT, invite }) }
}

function signed(id = offer.id, key: SignKeyPair = offer.invite, at = origin) {
  return { after: 0, sig: toBase64Url(sign("cm1/invite-open", openInviteInput(id, at, 0), key)) }
}

/** Meshes that are remembered in a set. */
function foundedIn(set: Set<MeshId>): FoundedMeshes {
  return {
    has: (mesh) => Effect.sync(() => set.has(mesh)),
    add: (mesh) => Effect.sync(() => void set.add(mesh))
  }
}

const settings = Layer.mergeAll(
  Layer.succeed(OwnOrigins, { of: () => Result.succeed(origin) }),
  Layer.effect(
    Founding,
    Effect.sync(() => ({ code: Redacted.make(code), founded: foundedIn(new Set()) }))
  )
)

const world = Layer.mergeAll(Handlers.layer, HttpServer.layerServices).pipe(
  Layer.provide(settings),
  Layer.provideMerge(layerMemoryBroker({ at: MADE_AT, random: layerSeededRandom("http") }))
)

const client = HttpApiTest.groups(BrokerApi, ["health", "meshes", "invites"])

const put = Effect.fnUntraced(function*(statements: ReadonlyArray<Statement>, given?: string) {
  const { meshes } = yield* client
  return yield* meshes.put({
    payload: { statements, ...given === undefined ? {} : { code: given } }
  })
})

const open = Effect.fnUntraced(function*(payload: ReturnType<typeof signed>, invite = offer.id) {
  return yield* (yield* client).invites.open({ params: { invite }, payload })
})

const join = Effect.fnUntraced(function*(statement: Statement, invite = offer.id) {
  return yield* (yield* client).invites.join({ params: { invite }, payload: { statement } })
})

/** The code of a refusal. */
function refusalOf<A, E extends { readonly _tag: string }, R>(effect: Effect.Effect<A, E, R>) {
  return Effect.map(Effect.flip(effect), (error) => "code" in error ? error.code : error._tag)
}

describe("health", () => {
  it.effect("lives, is ready, and says what it is", () =>
    Effect.gen(function*() {
      const { livez, readyz, version } = yield* client
      assert.strictEqual((yield* livez()).status, "ok")
      assert.strictEqual((yield* readyz()).status, "ok")
      assert.strictEqual((yield* version()).name, "claudemesh-broker")
      yield* Readiness.use(({ stop }) => stop)
      assert.strictEqual((yield* livez()).status, "stopping")
      assert.strictEqual(yield* refusalOf(readyz()), "shutting_down")
    }).pipe(Effect.scoped, Effect.provide(world)))
})

describe("meshes", () => {
  it.effect("founds a mesh for whoever has the code", () =>
    Effect.gen(function*() {
      const { statements } = offer.mesh
      assert.strictEqual(yield* refusalOf(put(statements)), "create_denied")
      assert.strictEqual(yield* refusalOf(put(statements, "guess")), "create_denied")
      const stored = yield* put(statements, code)
      assert.strictEqual(stored.mesh, base.membership.mesh)
      assert.strictEqual(stored.head[0], statements.length)
    }).pipe(Effect.scoped, Effect.provide(world)))
})

describe("invites.open", () => {
  it.effect("shows the log to whoever holds the invite", () =>
    Effect.gen(function*() {
      yield* put(offer.mesh.statements, code)
      const opened = yield* open(signed())
      assert.deepStrictEqual(opened.statements, offer.mesh.statements)
      assert.strictEqual(opened.head, offer.mesh.membership.head.seq)
      assert.strictEqual(opened.now, MADE_AT)
    }).pipe(Effect.scoped, Effect.provide(world)))

  it.effect("refuses an invite that is not here, another key, and what was signed for another broker", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* refusalOf(open(signed())), "invite_not_found")
      yield* put(offer.mesh.statements, code)
      const foreign = signed(offer.id, memberOf(other, "eve").key)
      assert.strictEqual(yield* refusalOf(open(foreign)), "bad_signature")
      const elsewhere = signed(offer.id, offer.invite, "http://evil.example")
      assert.strictEqual(yield* refusalOf(open(elsewhere)), "bad_signature")
    }).pipe(Effect.scoped, Effect.provide(world)))

  it.effect("refuses an invite that has expired or was revoked", () =>
    Effect.gen(function*() {
      const { invite, mesh } = offer
      yield* put(mesh.statements, code)
      yield* TestClock.adjust("61 seconds")
      assert.strictEqual(yield* refusalOf(open(signed())), "invite_expired")
      const body = { key: toBase64Url(invite.publicKey) }
      const by = { at: MADE_AT, key: memberOf(mesh, "ada").key }
      yield* put([nextStatement(mesh.membership, { kind: "invite_revoke", body }, by)])
      assert.strictEqual(yield* refusalOf(open(signed())), "invite_revoked")
    }).pipe(Effect.scoped, Effect.provide(world)))
})

describe("invites.join", () => {
  it.effect("makes a member, once", () =>
    Effect.gen(function*() {
      yield* put(offer.mesh.statements, code)
      const { statement } = joining("bob")
      assert.strictEqual((yield* join(statement)).head[0], statement.seq)
      assert.strictEqual(yield* refusalOf(join(statement)), "already_member")
      assert.strictEqual(yield* refusalOf(join(joining("cyd").statement)), "invite_exhausted")
      // A joiner whose answer was lost still reads that it belongs to the mesh.
      assert.strictEqual((yield* open(signed())).head, 3)
    }).pipe(Effect.scoped, Effect.provide(world)))

  it.effect("refuses a statement that is none of joining, uses another invite, or is of another mesh", () =>
    Effect.gen(function*() {
      const { mesh } = offer
      const elsewhere = offering(1)
      yield* put(mesh.statements, code)
      const [genesis] = mesh.statements
      if (genesis === undefined) throw new Error("the made mesh has no genesis")
      assert.strictEqual(yield* refusalOf(join(genesis)), "bad_statement")
      assert.strictEqual(
        yield* refusalOf(join(joining("bob", elsewhere).statement)),
        "bad_statement"
      )
      const { statement } = joining("bob")
      const wrong = { ...statement, mesh: other.membership.mesh }
      assert.strictEqual(yield* refusalOf(join(wrong)), "invite_wrong_mesh")
      const forged = { ...statement, sig: genesis.sig }
      assert.strictEqual(yield* refusalOf(join(forged)), "bad_signature")
    }).pipe(Effect.scoped, Effect.provide(world)))

  it.effect("says that the head has moved to whoever joins on an older one", () =>
    Effect.gen(function*() {
      const wide = offering(9)
      yield* put(wide.mesh.statements, code)
      const [bob, cyd] = [joining("bob", wide), joining("cyd", wide)]
      yield* join(bob.statement, wide.id)
      assert.strictEqual(yield* refusalOf(join(cyd.statement, wide.id)), "head_moved")
    }).pipe(Effect.scoped, Effect.provide(world)))

  it.effect("refuses a joiner whose clock is wrong, and says what time it is", () =>
    Effect.gen(function*() {
      yield* put(offer.mesh.statements, code)
      yield* TestClock.adjust("30 seconds")
      const { invite, mesh } = offer
      const { key, record } = makeMember("bob", base.bytes)
      const at = MADE_AT - 315_360_000_000
      const newcomer = { name: "bob", key, device: record }
      const statement = joinMesh(mesh.membership, newcomer, { at, invite })
      const error = yield* Effect.flip(join(statement))
      assert.include("message" in error ? error.message : "", "2026-01-01T00:00:30.000Z")
    }).pipe(Effect.scoped, Effect.provide(world)))
})
