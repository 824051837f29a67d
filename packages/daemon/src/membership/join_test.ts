import {
  formatInviteLink,
  inviteKeyPair,
  liveMembers,
  parseInviteLink,
  refused
} from "@claudemesh/protocol"
import {
  appended,
  layerSeededRandom,
  MADE_AT,
  type MadeMesh,
  makeMesh,
  offerOf,
  revocationOf,
  withJoined
} from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { writeFileSync } from "node:fs"
import { Deferred, Effect, Fiber, Layer, Option, Redacted, Result } from "effect"
import { TestClock } from "effect/testing"
import { HealthNotes } from "../health.ts"
import { Home } from "../home.ts"
import { KeyRing } from "../identity/key_ring.ts"
import { Meshes } from "../meshes/meshes.ts"
import { eventually } from "../testing/eventually.ts"
import { FakeHttp } from "../testing/fake_http.ts"
import { layerMigratedDatabase } from "../testing/migrated_database.ts"
import { layerTemporaryHome } from "../testing/temporary_home.ts"
import { Join, type Joining } from "./join.ts"
import { defaultMemberName } from "./names.ts"

const environment = Join.layer.pipe(
  Layer.provideMerge(Meshes.layer),
  Layer.provideMerge(Layer.mergeAll(KeyRing.layer, FakeHttp.layer)),
  Layer.provide(Layer.mergeAll(HealthNotes.layer, layerSeededRandom("join"))),
  Layer.provideMerge(layerTemporaryHome),
  Layer.provideMerge(layerMigratedDatabase()),
  Layer.provideMerge(Layer.effectDiscard(TestClock.setTime(MADE_AT)))
)

const origin = "http://127.0.0.1:7843"
const secret = Redacted.make(new Uint8Array(16).fill(7))

function offering(mesh: MadeMesh): MadeMesh {
  return appended(
    mesh,
    offerOf(mesh, inviteKeyPair(secret), { max_uses: 5, expires: MADE_AT + 1e9 })
  )
}

const made = offering(makeMesh("join", ["ada", "bob"]))
const mesh = made.membership.mesh
const link = formatInviteLink({ origin, mesh, secret })
const asCy: Joining = { link, member: "cy", device: "box" }

/** Joins a broker that has this log. */
const joining = Effect.fnUntraced(function*(wanted: Joining = asCy, at: MadeMesh = made) {
  yield* FakeHttp.use(({ set, statements }) =>
    Effect.flatMap(statements, (known) => known.length === 0 ? set(at.statements) : Effect.void)
  )
  return yield* Join.use(({ join }) => join(wanted))
})

const additions = FakeHttp.use(({ statements }) =>
  Effect.map(
    statements,
    (all) => all.slice(made.statements.length).filter(({ kind }) => kind === "member_add").length
  )
)

function membersOf({ membership }: { readonly membership: MadeMesh["membership"] | undefined }) {
  return membership === undefined ? [] : liveMembers(membership).map(({ name }) => name)
}

describe("Join.found", () => {
  const wanted = {
    name: "Home",
    broker: `${origin}/x`,
    member: "Ada",
    device: "box",
    code: undefined
  }

  it.effect("founds a mesh whose first member we are, with keys on disk", () =>
    Effect.gen(function*() {
      const founded = yield* Join.use(({ found }) => found(wanted))

      assert.deepStrictEqual(membersOf(founded), ["ada"])
      assert.deepInclude(founded, { name: "home" })
      assert.strictEqual(founded.identity.broker, origin)
      const saved = yield* KeyRing.use(({ find }) => find(founded.id))
      assert.isDefined(Option.getOrThrow(saved).root)
      assert.lengthOf(yield* FakeHttp.use(({ statements }) => statements), 1)
    }).pipe(Effect.provide(environment)))

  it.effect("leaves nothing behind where the broker refuses", () =>
    Effect.gen(function*() {
      yield* FakeHttp.use(({ before }) =>
        before(() => Effect.fail(refused("create_denied", "Not without a code")))
      )

      const refusal = yield* Effect.flip(Join.use(({ found }) => found(wanted)))

      assert.strictEqual(refusal.code, "create_denied")
      assert.lengthOf(yield* KeyRing.use(({ saved }) => saved), 0)
      assert.lengthOf(yield* Meshes.use(({ all }) => all), 0)
    }).pipe(Effect.provide(environment)))

  it.effect("has no mesh that a crash could leave here before the broker has it", () =>
    Effect.gen(function*() {
      const { after, before } = yield* FakeHttp
      const { saved } = yield* KeyRing
      const counts: Array<number> = []
      const count = Effect.map(saved, ({ length }) => void counts.push(length))
      yield* before(() => count)
      yield* after(() => count)

      const founded = yield* Join.use(({ found }) => found(wanted))

      assert.deepStrictEqual(counts, [0, 0])
      assert.deepStrictEqual((yield* saved).map(({ mesh }) => mesh), [founded.id])
    }).pipe(Effect.provide(environment)))

  it.effect("refuses a name that is taken here, also at the same moment", () =>
    Effect.gen(function*() {
      const { found } = yield* Join

      const [one, other] = yield* Effect.all(
        [Effect.result(found(wanted)), Effect.result(found(wanted))],
        { concurrency: "unbounded" }
      )

      assert.isTrue(Result.isSuccess(one))
      assert.deepInclude(Result.getOrThrow(Result.flip(other)), { code: "mesh_exists" })
    }).pipe(Effect.provide(environment)))

  it.effect.each([
    { broker: "ftp://x", code: "usage" },
    { broker: "nonsense", code: "usage" },
    { name: "a b", code: "bad_name" },
    { member: "", code: "bad_name" },
    { device: "ü", code: "bad_name" }
  ])("refuses %j", ({ code, ...bad }) =>
    Effect.gen(function*() {
      const refusal = yield* Effect.flip(Join.use(({ found }) => found({ ...wanted, ...bad })))

      assert.strictEqual(refusal.code, code)
    }).pipe(Effect.provide(environment)))
})

describe("Join.join", () => {
  it.effect("reads the whole log, adds itself, and knows the mesh from then on", () =>
    Effect.gen(function*() {
      const joined = yield* joining()

      assert.deepStrictEqual(membersOf(joined), ["ada", "bob", "cy"])
      assert.strictEqual(joined.identity.broker, origin)
      assert.isTrue(Option.isSome(yield* KeyRing.use(({ find }) => find(mesh))))
      assert.isTrue(Option.isNone(yield* KeyRing.use(({ joining }) => joining(mesh))))
      assert.strictEqual(
        joined.membership?.head.seq,
        (yield* FakeHttp.use(({ statements }) => statements)).length
      )
    }).pipe(Effect.provide(environment)))

  it.effect("spends nothing where we belong to the mesh already", () =>
    Effect.gen(function*() {
      const first = yield* joining()

      const again = yield* joining({ ...asCy, member: "dan" })

      assert.deepStrictEqual(again, first)
      assert.strictEqual(yield* additions, 1)
    }).pipe(Effect.provide(environment)))

  it.effect("tells the broker nothing where keys of the mesh are in the way", () =>
    Effect.gen(function*() {
      const { keys } = yield* Home
      writeFileSync(`${keys}/${mesh}.json`, "no keys", { mode: 0o600 })

      assert.strictEqual((yield* Effect.flip(joining())).code, "key_file_corrupt")

      assert.strictEqual(yield* additions, 0)
    }).pipe(Effect.provide(environment)))

  it.effect("takes a join up again that was cut off, with the same keys", () =>
    Effect.gen(function*() {
      const { after } = yield* FakeHttp
      yield* after((act) =>
        act === "join" ? Effect.fail(refused("broker_unreachable", "cut off")) : Effect.void
      )
      const refusal = yield* Effect.flip(joining())
      assert.strictEqual(refusal.code, "broker_unreachable")
      const begun = yield* KeyRing.use(({ joining }) => joining(mesh))
      yield* after(() => Effect.void)

      const joined = yield* joining()

      assert.strictEqual(joined.identity.deviceId, Option.getOrThrow(begun).deviceId)
      assert.strictEqual(yield* additions, 1)
      assert.deepStrictEqual(membersOf(joined), ["ada", "bob", "cy"])
    }).pipe(Effect.provide(environment)))

  it.effect("ends what it has begun although whoever asked hangs up", () =>
    Effect.gen(function*() {
      const { after } = yield* FakeHttp
      const told = yield* Deferred.make<void>()
      const hungUp = yield* Deferred.make<void>()
      yield* after((act) =>
        act === "join"
          ? Effect.andThen(Deferred.succeed(told, undefined), Deferred.await(hungUp))
          : Effect.void
      )
      const asking = yield* Effect.forkChild(joining())
      yield* Deferred.await(told)

      yield* Fiber.interrupt(asking)
      yield* Deferred.succeed(hungUp, undefined)

      const [joined] = yield* eventually(Meshes.use(({ all }) => all), ({ length }) => length === 1)
      assert.strictEqual(joined?.id, mesh)
    }).pipe(Effect.provide(environment)))

  it.effect("joins once, however many ask at the same time", () =>
    Effect.gen(function*() {
      yield* FakeHttp.use(({ set }) => set(made.statements))

      const all = yield* Effect.replicateEffect(joining(), 5, { concurrency: "unbounded" })

      assert.lengthOf(new Set(all.map(({ identity }) => identity.deviceId)), 1)
      assert.strictEqual(yield* additions, 1)
    }).pipe(Effect.provide(environment)))

  it.effect("signs again after others who were faster", () =>
    Effect.gen(function*() {
      const { before, set } = yield* FakeHttp
      let others = 3
      yield* before((act) =>
        act === "join" && others-- > 0
          ? set(grownBy(3 - others).statements)
          : Effect.void
      )

      const joined = yield* joining()

      assert.deepStrictEqual(membersOf(joined), ["ada", "bob", "m1", "m2", "m3", "cy"])
    }).pipe(Effect.provide(environment)))

  it.effect("gives way with a name that nobody asked for, and not with one that was given", () =>
    Effect.gen(function*() {
      const name = yield* defaultMemberName
      const taken = offering(makeMesh("taken", [name, `${name}-2`]))
      const invitation = formatInviteLink({ origin, mesh: taken.membership.mesh, secret })

      const refusal = yield* Effect.flip(
        joining({ link: invitation, member: name, device: undefined }, taken)
      )
      const joined = yield* joining(
        { link: invitation, member: undefined, device: undefined },
        taken
      )

      assert.strictEqual(refusal.code, "name_taken")
      assert.deepStrictEqual(membersOf(joined), [name, `${name}-2`, `${name}-3`])
    }).pipe(Effect.provide(environment)))

  it.effect("takes the name of somebody who has left", () =>
    Effect.gen(function*() {
      const left = appended(made, revocationOf(made, "bob", "bob"))

      const joined = yield* joining({ ...asCy, member: "bob" }, left)

      assert.deepStrictEqual(membersOf(joined), ["ada", "bob"])
    }).pipe(Effect.provide(environment)))

  it.effect("tells nothing to a broker that shows another mesh than the link's", () =>
    Effect.gen(function*() {
      const other = offering(makeMesh("evil", ["eve"]))

      const refusal = yield* Effect.flip(joining(asCy, other))

      assert.strictEqual(refusal.code, "invite_wrong_mesh")
      assert.deepStrictEqual(yield* FakeHttp.use(({ statements }) => statements), other.statements)
      assert.isTrue(Option.isNone(yield* KeyRing.use(({ joining }) => joining(mesh))))
    }).pipe(Effect.provide(environment)))

  it.effect("does not follow a broker whose log does not fold", () =>
    Effect.gen(function*() {
      const [genesis, ...rest] = made.statements

      yield* FakeHttp.use(({ before, set }) =>
        before(() => set(genesis === undefined ? [] : [genesis, ...rest.toSpliced(1, 1)]))
      )

      assert.isTrue(Result.isFailure(yield* Effect.result(joining())))
      assert.lengthOf(yield* Meshes.use(({ all }) => all), 0)
    }).pipe(Effect.provide(environment)))

  it.effect.each(["", "http://x/i/y", link.slice(0, -3), link.replace("#", "?")])(
    "refuses the link %j, and does not repeat it",
    (text) =>
      Effect.gen(function*() {
        const refusal = yield* Effect.flip(joining({ ...asCy, link: text }))

        assert.strictEqual(refusal.code, "invite_malformed")
        assert.notInclude(refusal.message, "BwcHBw")
      }).pipe(Effect.provide(environment))
  )

  it("has a link whose secret is in it", () => {
    assert.isTrue(Result.isSuccess(parseInviteLink(link)))
    assert.include(link, "BwcHBw")
  })
})

function grownBy(count: number): MadeMesh {
  return Array.from({ length: count }, (_, at) => `m${at + 1}`).reduce(
    (grown, name) => withJoined(grown, name),
    made
  )
}
