import { inviteKeyPair, limits, parseInviteLink, type Policy } from "@claudemesh/protocol"
import { toBase64Url } from "@claudemesh/protocol/crypto"
import {
  appended,
  joinOf,
  layerSeededRandom,
  MADE_AT,
  makeMember,
  makeMesh,
  withOffer
} from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, HashMap, Layer, Option, Result } from "effect"
import { TestClock } from "effect/testing"
import { SqlClient } from "effect/sql"
import { Meshes } from "../meshes/meshes.ts"
import { layerLocalAppend } from "../testing/local_append.ts"
import { layerMadeDaemon, theMesh } from "../testing/made_daemon.ts"
import { type InviteOffer, Invites } from "./invites.ts"

function daemonOf(made: ReturnType<typeof makeMesh>, name: string) {
  return Invites.layer.pipe(
    Layer.provide(layerLocalAppend()),
    Layer.provideMerge(layerMadeDaemon(made, name)),
    Layer.provide(layerSeededRandom("invites"))
  )
}

const made = makeMesh("invites", ["ada"])
const daemon = daemonOf(made, "ada")
const DAY = 86_400_000
const offer: InviteOffer = { role: "member", maxUses: 1, expiresInMillis: DAY }

const create = Effect.fnUntraced(function*(wanted: Partial<InviteOffer> = {}) {
  const { create } = yield* Invites
  return yield* create(yield* theMesh, { ...offer, ...wanted })
})

const list = Effect.gen(function*() {
  const { list } = yield* Invites
  return yield* list(yield* theMesh)
})

describe("Invites.create", () => {
  it.effect("appends the key of a link that only this machine knows", () =>
    Effect.gen(function*() {
      const view = yield* create({ maxUses: 3 })

      const link = Result.getOrThrow(parseInviteLink(view.link ?? ""))
      const { membership } = yield* theMesh
      const invites = membership?.invites ?? HashMap.empty()
      const invite = Option.getOrThrow(HashMap.get(invites, link.id))
      assert.strictEqual(invite.key, toBase64Url(inviteKeyPair(link.secret).publicKey))
      assert.deepInclude(view, {
        id: link.id,
        mesh: made.membership.mesh,
        role: "member",
        by: "ada",
        uses: 0,
        max_uses: 3,
        expires: MADE_AT + DAY,
        state: "open"
      })
    }).pipe(Effect.provide(daemon)))

  it.effect.each([
    { maxUses: 0 },
    { maxUses: limits.inviteUsesMax + 1 },
    { maxUses: 1.5 },
    { expiresInMillis: 0 },
    { expiresInMillis: limits.inviteMillisMax + 1 },
    { expiresInMillis: Number.NaN }
  ])("refuses %j", (wanted) =>
    Effect.gen(function*() {
      assert.strictEqual((yield* Effect.flip(create(wanted))).code, "usage")
      assert.lengthOf(yield* list, 0)
    }).pipe(Effect.provide(daemon)))

  it.effect.each<
    { readonly policy: Policy["invite"]; readonly role: "admin" | "member"; readonly code: string }
  >([
    { policy: "admin", role: "member", code: "not_permitted" },
    { policy: "admin", role: "admin", code: "not_permitted" },
    { policy: "member", role: "member", code: "ok" },
    { policy: "member", role: "admin", code: "not_permitted" }
  ])("lets a member invite as the policy says: %j", ({ code, policy, role }) => {
    const mesh = makeMesh("policy", ["ada", "bob"], { invite: policy })
    return Effect.gen(function*() {
      const outcome = yield* Effect.result(create({ role }))

      assert.strictEqual(Result.isSuccess(outcome) ? "ok" : outcome.failure.code, code)
    }).pipe(Effect.provide(daemonOf(mesh, "bob")))
  })
})

describe("Invites.list", () => {
  it.effect("shows the link only where the secret is here", () =>
    Effect.gen(function*() {
      yield* create()
      const elsewhere = withOffer(made, { expires: MADE_AT + 2 * DAY })
      const { find, learn } = yield* Meshes
      const { membership } = yield* find(made.membership.mesh)
      if (membership === undefined) return
      const offered = withOffer({ ...elsewhere.mesh, membership }, { expires: MADE_AT + 2 * DAY })
      yield* learn(membership.mesh, offered.mesh.statements.slice(-1))

      const shown = yield* list

      assert.deepStrictEqual(shown.map(({ link }) => link !== undefined), [true, false])
    }).pipe(Effect.provide(daemon)))

  it.effect("says which can be used, and why others cannot", () =>
    Effect.gen(function*() {
      const spent = withOffer(made, { max_uses: 1, expires: MADE_AT + DAY })
      const joined = appended(spent.mesh, joinOf(spent, makeMember("cy", made.bytes)))
      const open = withOffer(joined, { expires: MADE_AT + 3 * DAY }).mesh
      yield* Meshes.use(({ learn }) => learn(made.membership.mesh, open.statements))

      const states = Effect.map(list, (all) => all.map(({ state }) => state))

      assert.deepStrictEqual(yield* states, ["exhausted", "open"])
      yield* TestClock.adjust("4 days")
      assert.deepStrictEqual(yield* states, ["expired", "expired"])
    }).pipe(Effect.provide(daemon)))
})

describe("Invites.revoke", () => {
  it.effect("takes back the invite whose id begins so", () =>
    Effect.gen(function*() {
      const { revoke } = yield* Invites
      const { id } = yield* create()

      const view = yield* revoke(yield* theMesh, id.slice(0, 9))

      assert.strictEqual(view.state, "revoked")
      assert.deepStrictEqual((yield* list).map(({ state }) => state), ["revoked"])
    }).pipe(Effect.provide(daemon)))

  it.effect("offers what there is where nothing fits", () =>
    Effect.gen(function*() {
      const { revoke } = yield* Invites
      const { id } = yield* create()

      const refusal = yield* Effect.flip(revoke(yield* theMesh, id.slice(0, 5)))

      assert.strictEqual(refusal.code, "invite_not_found")
      assert.deepStrictEqual(refusal.candidates, [id])
    }).pipe(Effect.provide(daemon)))
})

describe("Invites.forget", () => {
  it.effect("leaves no secret on this machine", () =>
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient
      yield* create()

      yield* Invites.use(({ forget }) => forget(made.membership.mesh))

      assert.deepStrictEqual(yield* sql`SELECT * FROM invite_secrets`, [])
    }).pipe(Effect.provide(daemon)))
})
