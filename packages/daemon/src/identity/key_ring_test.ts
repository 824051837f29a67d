import { MeshId } from "@claudemesh/protocol"
import { layerSeededRandom } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Option, Redacted } from "effect"
import { chmodSync, readdirSync, readFileSync, statSync } from "node:fs"
import { HealthNotes } from "../health.ts"
import { Home } from "../home.ts"
import { layerTemporaryHome } from "../testing/temporary_home.ts"
import { KeyRing, type NewIdentity } from "./key_ring.ts"

const environment = KeyRing.layer.pipe(
  Layer.provideMerge(
    Layer.mergeAll(layerTemporaryHome, HealthNotes.layer, layerSeededRandom("keys"))
  )
)

const home = meshNamed("a")
const work = meshNamed("b")

describe("KeyRing", () => {
  it.effect("reads back what it saved, from a file of mode 0600", () =>
    Effect.gen(function*() {
      const keys = yield* KeyRing
      const saved = yield* keys.save(home, yield* keys.make(ada), "joined")

      const found = Option.getOrThrow(yield* keys.find(home))

      assert.strictEqual(found.deviceId, saved.deviceId)
      assert.strictEqual(found.memberName, "ada")
      assert.deepStrictEqual(found.record, saved.record)
      assert.deepStrictEqual(secretOf(found.root), secretOf(saved.root))
      assert.strictEqual(statSync(yield* fileOf(home)).mode & 0o777, 0o600)
      assert.deepStrictEqual((yield* keys.saved).map(({ mesh }) => mesh), [home])
    }).pipe(Effect.provide(environment)))

  it.effect("makes other keys each time, and a root for a founder only", () =>
    Effect.gen(function*() {
      const { make } = yield* KeyRing

      const founder = yield* make(ada)
      const joiner = yield* make({ ...ada, founder: false })

      assert.notStrictEqual(founder.memberId, joiner.memberId)
      assert.isDefined(founder.root)
      assert.isUndefined(joiner.root)
    }).pipe(Effect.provide(environment)))

  it.effect("never overwrites keys with others", () =>
    Effect.gen(function*() {
      const keys = yield* KeyRing
      const first = yield* keys.save(home, yield* keys.make(ada), "joined")

      const refusal = yield* Effect.flip(keys.save(home, yield* keys.make(ada), "joined"))

      assert.strictEqual(refusal.code, "already_member")
      assert.strictEqual(Option.getOrThrow(yield* keys.find(home)).memberId, first.memberId)
    }).pipe(Effect.provide(environment)))

  it.effect("keeps a join that was begun apart until it is finished", () =>
    Effect.gen(function*() {
      const keys = yield* KeyRing
      const begun = yield* keys.save(home, yield* keys.make({ ...ada, founder: false }), "joining")
      assert.isTrue(Option.isNone(yield* keys.find(home)))
      assert.lengthOf(yield* keys.saved, 0)
      assert.strictEqual(Option.getOrThrow(yield* keys.joining(home)).memberId, begun.memberId)

      yield* keys.finish(home)

      assert.isTrue(Option.isNone(yield* keys.joining(home)))
      assert.strictEqual(Option.getOrThrow(yield* keys.find(home)).memberId, begun.memberId)
      assert.strictEqual((yield* Effect.flip(keys.finish(work))).code, "mesh_not_found")
    }).pipe(Effect.provide(environment)))

  it.effect("moves what is forgotten aside, root key and all", () =>
    Effect.gen(function*() {
      const keys = yield* KeyRing
      yield* keys.save(home, yield* keys.make(ada), "joined")
      yield* keys.addPrekey(home, 1)
      const text = readFileSync(yield* fileOf(home), "utf8")

      yield* keys.forget(home)
      yield* keys.forget(home)

      const left = `${(yield* Home).keys}/left`
      assert.lengthOf(yield* keys.saved, 0)
      assert.lengthOf(yield* keys.prekeys(home), 0)
      assert.include(readdirSync(left).map((name) => readFileSync(`${left}/${name}`, "utf8")), text)
      assert.isTrue(
        readdirSync(left).every((name) => statSync(`${left}/${name}`).mode % 0o100 === 0)
      )
    }).pipe(Effect.provide(environment)))

  it.effect("answers with the good files, and notes the bad one", () =>
    Effect.gen(function*() {
      const keys = yield* KeyRing
      yield* keys.save(home, yield* keys.make(ada), "joined")
      yield* keys.save(work, yield* keys.make(ada), "joined")
      chmodSync(yield* fileOf(work), 0o644)

      const meshes = (yield* keys.saved).map(({ mesh }) => mesh)

      assert.deepStrictEqual(meshes, [home])
      const [note] = yield* HealthNotes.use(({ all }) => all)
      assert.include(note, yield* fileOf(work))
      assert.strictEqual((yield* Effect.flip(keys.find(work))).code, "key_file_unsafe")
    }).pipe(Effect.provide(environment)))
})

describe("KeyRing prekeys", () => {
  it.effect("come newest first, and the newest is never erased", () =>
    Effect.gen(function*() {
      const keys = yield* KeyRing
      const [first, second] = [yield* keys.addPrekey(home, 10), yield* keys.addPrekey(home, 20)]
      assert.deepStrictEqual((yield* keys.prekeys(home)).map(({ id }) => id), [second.id, first.id])

      const erased = yield* keys.erasePrekeys(home, 100)

      assert.strictEqual(erased, 1)
      const [left, ...others] = yield* keys.prekeys(home)
      assert.lengthOf(others, 0)
      assert.strictEqual(left?.id, second.id)
      assert.deepStrictEqual(secretOf(left?.pair), secretOf(second.pair))
    }).pipe(Effect.provide(environment)))

  it.effect("are all there after many were made at once", () =>
    Effect.gen(function*() {
      const keys = yield* KeyRing

      yield* Effect.forEach([1, 2, 3, 4, 5], (at) => keys.addPrekey(home, at), {
        concurrency: "unbounded"
      })

      assert.deepStrictEqual((yield* keys.prekeys(home)).map(({ at }) => at), [5, 4, 3, 2, 1])
    }).pipe(Effect.provide(environment)))
})

const ada: NewIdentity = {
  meshName: "home",
  broker: "http://127.0.0.1:4455",
  memberName: "ada",
  deviceName: "box",
  founder: true
}

function meshNamed(letter: string): MeshId {
  return MeshId.make(`m_${letter.repeat(26)}`)
}

function fileOf(mesh: MeshId) {
  return Home.use(({ keys }) => Effect.succeed(`${keys}/${mesh}.json`))
}

function secretOf(key: { readonly secretKey: Redacted.Redacted<Uint8Array> } | undefined) {
  return key === undefined ? undefined : Redacted.value(key.secretKey)
}
