import { makeMesh } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Ref } from "effect"
import { layerMadeLocalApi, madeClient, Offers } from "../../testing/made_local_api.ts"

const made = makeMesh("invites_handlers", ["ada", "bob"])
const daemon = layerMadeLocalApi(made, "ada")

describe("invites", () => {
  it.effect("offers a day and one use where nothing is said", () =>
    Effect.gen(function*() {
      const { invites } = yield* madeClient

      const refusal = yield* Effect.flip(invites.create({ payload: {} }))

      assert.deepInclude(refusal, { code: "not_permitted" })
      assert.deepStrictEqual(yield* Ref.get(yield* Offers), [
        { role: "member", maxUses: 1, expiresInMillis: 86_400_000 }
      ])
    }).pipe(Effect.provide(daemon)))
})
