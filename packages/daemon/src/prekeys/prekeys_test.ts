import { type PrekeyId, verifyPrekey } from "@claudemesh/protocol"
import { layerSeededRandom, makeMesh } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { HealthNotes } from "../health.ts"
import { KeyRing } from "../identity/key_ring.ts"
import { identityOf } from "../testing/made_identity.ts"
import { layerTemporaryHome } from "../testing/temporary_home.ts"
import { Prekeys } from "./prekeys.ts"

const made = makeMesh("prekeys", ["ada"])
const ada = identityOf(made, "ada")
const environment = Prekeys.layer.pipe(
  Layer.provideMerge(KeyRing.layer),
  Layer.provide(
    Layer.mergeAll(layerTemporaryHome, HealthNotes.layer, layerSeededRandom("prekeys"))
  )
)

const fresh = Prekeys.use((prekeys) => prekeys.fresh(ada))

const privateHalf = Effect.fnUntraced(function*(id: PrekeyId) {
  const ids = (yield* KeyRing.use(({ prekeys }) => prekeys(ada.mesh))).map((prekey) => prekey.id)
  const finder = yield* Prekeys.use((prekeys) => prekeys.finder(ada.mesh))
  const found = ids.find((own) => own === id)
  return found === undefined ? undefined : finder(found)
})

describe("Prekeys", () => {
  it.effect("signs a prekey whose private half can be found", () =>
    Effect.gen(function*() {
      const prekey = yield* fresh

      assert.isTrue(verifyPrekey(prekey, ada.record.key))
      assert.strictEqual(prekey.mesh, ada.mesh)
      assert.isDefined(yield* privateHalf(prekey.id))
    }).pipe(Effect.provide(environment)))

  it.effect("is made once, however many ask at the same time", () =>
    Effect.gen(function*() {
      const all = yield* Effect.replicateEffect(fresh, 3, { concurrency: "unbounded" })

      assert.lengthOf(new Set(all.map(({ id }) => id)), 1)
    }).pipe(Effect.provide(environment)))

  it.effect("stays the same for a day, and is another one then", () =>
    Effect.gen(function*() {
      const first = yield* fresh
      yield* TestClock.adjust("23 hours")
      const later = yield* fresh
      yield* TestClock.adjust("1 hour")
      const renewed = yield* fresh

      assert.deepStrictEqual(later, first)
      assert.notStrictEqual(renewed.id, first.id)
      assert.isDefined(yield* privateHalf(first.id))
    }).pipe(Effect.provide(environment)))

  it.effect("is erased eight days after it was made, on disk and in memory", () =>
    Effect.gen(function*() {
      const first = yield* fresh
      const finder = yield* Prekeys.use((prekeys) => prekeys.finder(ada.mesh))
      assert.isDefined(finder(first.id))

      for (let hour = 0; hour < 8 * 24; hour++) {
        yield* TestClock.adjust("1 hour")
        yield* fresh
      }
      assert.isDefined(yield* privateHalf(first.id))
      yield* TestClock.adjust("1 hour")
      yield* fresh

      assert.isUndefined(yield* privateHalf(first.id))
      const later = yield* Prekeys.use((prekeys) => prekeys.finder(ada.mesh))
      assert.isUndefined(later(first.id))
    }).pipe(Effect.provide(environment)))

  it.effect("is renewed by a clock that was turned back, too", () =>
    Effect.gen(function*() {
      yield* TestClock.adjust("3650 days")
      const first = yield* fresh
      yield* TestClock.setTime(0)

      assert.notStrictEqual((yield* fresh).id, first.id)
    }).pipe(Effect.provide(environment)))

  it.effect("reads the file again after it has forgotten", () =>
    Effect.gen(function*() {
      const prekey = yield* fresh

      yield* Prekeys.use(({ forget }) => forget(ada.mesh))

      assert.isDefined(yield* privateHalf(prekey.id))
    }).pipe(Effect.provide(environment)))
})
