import { type Refused, refused } from "@claudemesh/protocol"
import { appended, layerSeededRandom, makeMesh, revocationOf, withOffer } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Exit, Fiber, Layer, Option } from "effect"
import { SqlClient } from "effect/sql"
import { HealthNotes } from "../health.ts"
import { KeyRing } from "../identity/key_ring.ts"
import { layerMadeDaemon, theMesh } from "../testing/made_daemon.ts"
import { identityOf } from "../testing/made_identity.ts"
import { layerMigratedDatabase } from "../testing/migrated_database.ts"
import { Meshes } from "./meshes.ts"

const made = makeMesh("meshes", ["ada", "bob"])
const other = makeMesh("others", ["ada"])
const id = made.membership.mesh
const chance = layerSeededRandom("meshes")
const daemon = Layer.provide(layerMadeDaemon(made, "ada"), chance)

/** A machine with these keys and nothing else; the database can be shared by several runs. */
function machine(
  identities: ReadonlyArray<ReturnType<typeof identityOf>>,
  unusable: ReadonlyArray<Refused> = []
) {
  return Meshes.layer.pipe(
    Layer.provideMerge(HealthNotes.layer),
    Layer.provide(
      Layer.mock(KeyRing)({
        saved: Effect.succeed(identities),
        unusable: Effect.succeed(unusable)
      })
    ),
    Layer.provide(chance)
  )
}

/** The same with a database of its own. */
function newMachine(identities: ReadonlyArray<ReturnType<typeof identityOf>>) {
  return Layer.provide(machine(identities), layerMigratedDatabase())
}

/** One run of the daemon with these keys, on the database there is. */
function runWith<A, E>(
  identities: ReadonlyArray<ReturnType<typeof identityOf>>,
  run: Effect.Effect<A, E, Meshes>
) {
  return Effect.provide(run, Layer.fresh(machine(identities)))
}

describe("Meshes.layer", () => {
  it.effect("takes every mesh up whose keys are here, with an empty database too", () =>
    Effect.gen(function*() {
      const { all } = yield* Meshes

      const meshes = yield* all

      assert.deepStrictEqual(meshes.map(({ name }) => name), ["home", "home-2"])
      assert.isTrue(meshes.every(({ membership, upto }) => membership === undefined && upto === 0))
    }).pipe(Effect.provide(newMachine([identityOf(made, "ada"), identityOf(other, "ada")]))))

  it.effect("keeps the name of a mesh whose keys cannot be used for now", () =>
    Effect.gen(function*() {
      const [ours, another] = [identityOf(made, "ada"), identityOf(other, "ada")]
      const names = Meshes.use(({ all }) => Effect.map(all, (all) => all.map(({ name }) => name)))
      yield* runWith([ours], names)

      yield* runWith([], Meshes.use(({ add }) => add(another, other.statements)))

      assert.deepStrictEqual(yield* runWith([another], names), ["home-2"])
      assert.deepStrictEqual(yield* runWith([another, ours], names), ["home", "home-2"])
    }).pipe(Effect.provide(layerMigratedDatabase())))

  it.effect("finds names, logs, cursors and its own name again after a restart", () =>
    Effect.gen(function*() {
      const here = Layer.fresh(machine([identityOf(made, "ada")]))
      const first = yield* Effect.gen(function*() {
        const meshes = yield* Meshes
        yield* meshes.learn(id, made.statements)
        yield* meshes.setStore(id, { storeEpoch: "store-1", sseqFloor: 0 })
        yield* meshes.commitRead(id, 7, Effect.void)
        return meshes.incarnation
      }).pipe(Effect.provide(here))

      const again = yield* Effect.gen(function*() {
        const { find, incarnation } = yield* Meshes
        return { incarnation, mesh: yield* find(id) }
      }).pipe(Effect.provide(here))

      assert.strictEqual(again.incarnation, first)
      assert.strictEqual(again.mesh.upto, 7)
      assert.strictEqual(again.mesh.storeEpoch, "store-1")
      assert.deepStrictEqual(again.mesh.membership?.head, made.membership.head)
    }).pipe(Effect.provide(layerMigratedDatabase())))

  it.effect("reads a log anew that does not fold any more", () =>
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient
      const here = Layer.fresh(machine([identityOf(made, "ada")]))
      yield* Meshes.use(({ learn }) => learn(id, made.statements)).pipe(Effect.provide(here))
      yield* sql`DELETE FROM statements WHERE seq = 1`

      const head = yield* Effect.gen(function*() {
        const { find, learn } = yield* Meshes
        assert.isUndefined((yield* find(id)).membership)
        return (yield* learn(id, made.statements))?.head
      }).pipe(Effect.provide(here))

      assert.deepStrictEqual(head, made.membership.head)
    }).pipe(Effect.provide(layerMigratedDatabase())))
})

describe("Meshes", () => {
  it.effect("means the current mesh where nothing is said", () =>
    Effect.gen(function*() {
      const { current, resolve, use } = yield* Meshes
      const second = identityOf(other, "ada").mesh

      yield* use(second)

      assert.strictEqual((yield* resolve(undefined)).id, second)
      assert.strictEqual(Option.getOrThrow(yield* current).id, second)
      assert.strictEqual((yield* Effect.flip(resolve("work"))).code, "mesh_not_found")
    }).pipe(Effect.provide(newMachine([identityOf(made, "ada"), identityOf(other, "ada")]))))

  it.effect("keeps its first mesh current, whichever names come before it later", () =>
    Effect.gen(function*() {
      const { add, resolve } = yield* Meshes
      yield* add({ ...identityOf(other, "ada"), meshName: "a" }, other.statements)

      assert.strictEqual((yield* resolve(undefined)).id, id)
    }).pipe(Effect.provide(newMachine([identityOf(made, "ada")]))))

  it.effect("does not take another mesh for the current one whose keys cannot be used", () =>
    Effect.gen(function*() {
      const unsafe = refused("key_file_unsafe", "Cannot use the key file")
      const both = [identityOf(made, "ada"), identityOf(other, "ada")]
      yield* Meshes.use(({ use }) => use(id)).pipe(Effect.provide(Layer.fresh(machine(both))))

      const refusal = yield* Effect.flip(theMesh).pipe(
        Effect.provide(Layer.fresh(machine(both.slice(1), [unsafe])))
      )

      assert.strictEqual(refusal.code, "key_file_unsafe")
    }).pipe(Effect.provide(layerMigratedDatabase())))

  it.effect("says that there is no mesh where there is none", () =>
    Effect.gen(function*() {
      assert.strictEqual((yield* Effect.flip(theMesh)).code, "no_mesh")
    }).pipe(Effect.provide(newMachine([]))))

  it.effect("adds a mesh under a name that is free", () =>
    Effect.gen(function*() {
      const { add, all, statements } = yield* Meshes

      const mesh = yield* add(identityOf(other, "ada"), other.statements)

      assert.strictEqual(mesh.name, "home-2")
      assert.lengthOf(yield* all, 2)
      assert.deepStrictEqual(yield* statements(mesh.id), other.statements)
    }).pipe(Effect.provide(daemon)))

  it.effect("forgets a mesh, and takes it up again as if it were new", () =>
    Effect.gen(function*() {
      const { add, all, forget } = yield* Meshes

      yield* forget(id)
      assert.lengthOf(yield* all, 0)

      const mesh = yield* add(identityOf(made, "bob"), made.statements)
      assert.strictEqual(mesh.name, "home")
    }).pipe(Effect.provide(daemon)))
})

describe("Meshes.learn", () => {
  it.effect("folds what is new, and takes what is known for granted", () =>
    Effect.gen(function*() {
      const { find, learn } = yield* Meshes
      const grown = withOffer(made).mesh

      yield* learn(id, grown.statements)

      assert.deepStrictEqual((yield* find(id)).membership?.head, grown.membership.head)
    }).pipe(Effect.provide(daemon)))

  it.effect("keeps its own log, and a note, where the broker shows a fork", () =>
    Effect.gen(function*() {
      const { find, learn, statements } = yield* Meshes
      const forked = appended(made, revocationOf(made, "bob", "bob"))
      yield* learn(id, withOffer(made).mesh.statements)

      const refusal = yield* Effect.flip(learn(id, forked.statements))

      assert.strictEqual(refusal.code, "membership_fork")
      assert.deepStrictEqual(yield* HealthNotes.use(({ all }) => all), [refusal.message])
      assert.strictEqual((yield* find(id)).membership?.head.seq, made.statements.length + 1)
      assert.lengthOf(yield* statements(id), made.statements.length + 1)
    }).pipe(Effect.provide(daemon)))

  it.effect("keeps nothing of statements of which one does not fold", () =>
    Effect.gen(function*() {
      const { find, learn, statements } = yield* Meshes
      const [one, two] = withOffer(withOffer(made).mesh).mesh.statements.slice(-2)

      const refusal = yield* Effect.flip(
        learn(id, [one, two, two].flatMap((statement) => statement ?? []))
      )

      assert.strictEqual(refusal.code, "head_moved")
      assert.deepStrictEqual((yield* find(id)).membership?.head, made.membership.head)
      assert.lengthOf(yield* statements(id), made.statements.length)
    }).pipe(Effect.provide(daemon)))

  it.effect("never takes another mesh's log for ours, though it folds", () =>
    Effect.gen(function*() {
      const { find, learn } = yield* Meshes

      const refusal = yield* Effect.flip(learn(id, other.statements))

      assert.strictEqual(refusal.code, "wrong_mesh")
      assert.isUndefined((yield* find(id)).membership)
    }).pipe(Effect.provide(newMachine([identityOf(made, "ada")]))))

  it.effect("forgets nothing when two fibers are told more and less at the same time", () =>
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient
      const { find, learn } = yield* Meshes
      const grown = withOffer(withOffer(made).mesh).mesh
      const isOpen = yield* Deferred.make<void>()
      const busy = yield* Effect.forkChild(sql.withTransaction(Deferred.await(isOpen)))

      const learning = yield* Effect.forkChild(
        Effect.all([learn(id, grown.statements), learn(id, grown.statements.slice(0, -1))], {
          concurrency: "unbounded"
        })
      )
      yield* Effect.yieldNow
      yield* Deferred.succeed(isOpen, undefined)
      yield* Fiber.join(learning)
      yield* Fiber.join(busy)

      assert.deepStrictEqual((yield* find(id)).membership?.head, grown.membership.head)
    }).pipe(Effect.provide(daemon)))
})

describe("Meshes.commitRead", () => {
  it.effect("moves the cursor with what was read", () =>
    Effect.gen(function*() {
      const { commitRead, find } = yield* Meshes

      assert.strictEqual(yield* commitRead(id, 7, Effect.succeed("read")), "read")

      assert.strictEqual((yield* find(id)).upto, 7)
    }).pipe(Effect.provide(daemon)))

  it.effect("leaves the cursor where it was when reading fails or is cut off", () =>
    Effect.gen(function*() {
      const { commitRead, find } = yield* Meshes
      const began = yield* Deferred.make<void>()

      const failed = yield* Effect.exit(commitRead(id, 7, Effect.fail("it broke")))
      const fiber = yield* Effect.forkChild(
        commitRead(id, 8, Effect.andThen(Deferred.succeed(began, undefined), Effect.never))
      )
      yield* Deferred.await(began)
      yield* Fiber.interrupt(fiber)

      assert.isTrue(Exit.isFailure(failed))
      assert.strictEqual((yield* find(id)).upto, 0)
    }).pipe(Effect.provide(daemon)))

  it.effect("starts over in another store of the broker", () =>
    Effect.gen(function*() {
      const { commitRead, find, setStore } = yield* Meshes
      yield* setStore(id, { storeEpoch: "store-1", sseqFloor: 0 })
      yield* commitRead(id, 7, Effect.void)

      yield* setStore(id, { storeEpoch: "store-1", sseqFloor: 0 })
      const same = yield* find(id)
      yield* setStore(id, { storeEpoch: "store-2", sseqFloor: 0 })
      const another = yield* find(id)

      assert.deepStrictEqual([same.upto, same.storeEpoch], [7, "store-1"])
      assert.deepStrictEqual([another.upto, another.storeEpoch], [0, "store-2"])
    }).pipe(Effect.provide(daemon)))
})
