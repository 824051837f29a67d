import { joinMesh, type Statement } from "@claudemesh/protocol"
import { signKeyPair, toBase64Url } from "@claudemesh/protocol/crypto"
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
import { Effect, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { layerMemoryBroker } from "../gateway/testing/memory_broker.ts"
import { MembershipLog } from "./membership_log.ts"
import { Meshes } from "./meshes.ts"

const mesh = makeMesh("meshes", ["ada", "bob"])
const random = layerSeededRandom("meshes")
const world = layerMemoryBroker({ at: MADE_AT, random })
const TEN_YEARS = 315_360_000_000

function put(statements: ReadonlyArray<Statement>, mayFound = true) {
  return Meshes.use((meshes) => meshes.put(statements, { mayFound }))
}

function append(statement: Statement) {
  return Meshes.use((meshes) => meshes.append(statement))
}

const head = MembershipLog.use((log) => log.find(mesh.membership.mesh)).pipe(
  Effect.map((membership) => membership.head)
)

const revokeBob = statementBy(mesh, "ada", {
  kind: "device_revoke",
  body: { device: memberOf(mesh, "bob").device }
})

/** A mesh with an open invite, and the statement of somebody who uses it. */
function invited() {
  const invite = signKeyPair(Redacted.make(mesh.bytes(32)))
  const body = {
    key: toBase64Url(invite.publicKey),
    role: "member",
    max_uses: 1,
    expires: MADE_AT + 1_000
  } as const
  const offered = appended(mesh, statementBy(mesh, "ada", { kind: "invite", body }))
  const dan = makeMember("dan", mesh.bytes)
  const newcomer = { name: "dan", key: dan.key, device: dan.record }
  return { offered, join: (at: number) => joinMesh(offered.membership, newcomer, { at, invite }) }
}

describe("Meshes.put", () => {
  it.effect("founds a mesh, and takes the same log again for nothing new", () =>
    Effect.gen(function*() {
      yield* put(mesh.statements)
      yield* put(mesh.statements, false)
      yield* put(mesh.statements.slice(0, 1), false)
      assert.deepStrictEqual(yield* head, mesh.membership.head)
    }).pipe(Effect.provide(world)))

  it.effect("founds nothing for whoever may not, but takes the rest of a known log", () =>
    Effect.gen(function*() {
      assert.strictEqual((yield* Effect.flip(put(mesh.statements, false))).code, "create_denied")
      yield* put(mesh.statements.slice(0, 1))
      yield* put(mesh.statements, false)
      assert.deepStrictEqual(yield* head, mesh.membership.head)
    }).pipe(Effect.provide(world)))

  it.effect("refuses a log without its beginning, and one with a hole", () =>
    Effect.gen(function*() {
      const headless = yield* Effect.flip(put(mesh.statements.slice(1)))
      assert.strictEqual(headless.code, "mesh_not_found")
      yield* put(mesh.statements.slice(0, 1))
      assert.strictEqual((yield* Effect.flip(put(mesh.statements.slice(2)))).code, "head_moved")
    }).pipe(Effect.provide(world)))

  it.effect("refuses another history of a mesh, and keeps its own", () =>
    Effect.gen(function*() {
      const forked = appended(mesh, revokeBob)
      const body = { device: memberOf(mesh, "bob").device, reason: "other" }
      const other = appended(mesh, statementBy(mesh, "ada", { kind: "device_revoke", body }))
      yield* put(forked.statements)
      assert.strictEqual((yield* Effect.flip(put(other.statements))).code, "membership_fork")
      assert.deepStrictEqual(yield* head, forked.membership.head)
    }).pipe(Effect.provide(world)))

  it.effect("takes a log of long ago back, if it is older than the store", () =>
    Effect.gen(function*() {
      yield* put(mesh.statements)
      assert.deepStrictEqual(yield* head, mesh.membership.head)
    }).pipe(Effect.provide(layerMemoryBroker({ at: MADE_AT + TEN_YEARS, random }))))

  it.effect("takes the rest of a log back that is younger than the store", () =>
    Effect.gen(function*() {
      yield* put(mesh.statements)
      yield* TestClock.adjust("1 day")
      const longer = appended(mesh, revokeBob)
      yield* put(longer.statements)
      assert.deepStrictEqual(yield* head, longer.membership.head)
    }).pipe(Effect.provide(layerMemoryBroker({ at: MADE_AT - 1, random }))))

  it.effect("lets nobody use an expired invite by dating a statement back", () =>
    Effect.gen(function*() {
      const { join, offered } = invited()
      yield* put(offered.statements)
      yield* TestClock.adjust("11 minutes")
      const late = join(MADE_AT)
      assert.strictEqual((yield* Effect.flip(append(late))).code, "bad_statement")
      const given = yield* Effect.flip(put([...offered.statements, late]))
      assert.strictEqual(given.code, "bad_statement")
    }).pipe(Effect.provide(layerMemoryBroker({ at: MADE_AT - 1, random }))))
})

describe("Meshes.append", () => {
  it.effect("appends what follows, and refuses it the second time", () =>
    Effect.gen(function*() {
      yield* put(mesh.statements)
      yield* append(revokeBob)
      assert.strictEqual((yield* Effect.flip(append(revokeBob))).code, "head_moved")
      assert.strictEqual((yield* head).seq, revokeBob.seq)
    }).pipe(Effect.provide(world)))

  it.effect("refuses a statement of another time than the broker's, and says which that is", () =>
    Effect.gen(function*() {
      yield* put(mesh.statements)
      yield* TestClock.adjust("11 minutes")
      const { code, message } = yield* Effect.flip(append(revokeBob))
      assert.strictEqual(code, "bad_statement")
      assert.include(message, "2026-01-01T00:11:00.000Z")
      assert.deepStrictEqual(yield* head, mesh.membership.head)
    }).pipe(Effect.provide(world)))

  it.effect("admits as many as an invite allows, however many ask at once", () =>
    Effect.gen(function*() {
      const { join, offered } = invited()
      yield* put(offered.statements)
      const asked = Array.from({ length: 20 }, () => Effect.result(append(join(MADE_AT))))
      const results = yield* Effect.all(asked, { concurrency: "unbounded" })
      assert.lengthOf(results.filter(({ _tag }) => _tag === "Success"), 1)
    }).pipe(Effect.provide(world)))
})
