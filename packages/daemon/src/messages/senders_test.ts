import { appended, layerSeededRandom, makeMesh, memberOf, revocationOf } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { layerMadeDaemon, theMesh } from "../testing/made_daemon.ts"
import { Senders } from "./senders.ts"

const founded = makeMesh("senders", ["ada", "bob", "cy"])
const made = appended(founded, revocationOf(founded, "ada", "cy"))
const daemon = Senders.layer.pipe(
  Layer.provideMerge(layerMadeDaemon(made, "bob")),
  Layer.provide(layerSeededRandom("senders"))
)

describe("Senders.named", () => {
  it.effect.each(["ada", "cy", "bob"])(
    "finds %s, whether they left or are ourselves",
    (name) =>
      Effect.gen(function*() {
        const { named } = yield* Senders

        const everywhere = yield* named(name, undefined)

        assert.deepStrictEqual(everywhere, [memberOf(made, name).device])
        assert.deepStrictEqual(yield* named(`@${name}`, yield* theMesh), everywhere)
      }).pipe(Effect.provide(daemon))
  )

  it.effect("refuses a name that nobody has or had", () =>
    Effect.gen(function*() {
      const { named } = yield* Senders

      const refusal = yield* Effect.flip(named("ad", undefined))

      assert.strictEqual(refusal.code, "unknown_name")
      assert.include(refusal.candidates ?? [], "ada")
    }).pipe(Effect.provide(daemon)))
})
