import { makeMesh } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { layerMadeLocalApi, madeClient } from "../../testing/made_local_api.ts"

const made = makeMesh("calls_handlers", ["ada", "bob"])
const daemon = layerMadeLocalApi(made, "ada")

describe("calls.ping", () => {
  it.effect("answers with how far it got, also where that is nowhere", () =>
    Effect.gen(function*() {
      const { calls } = yield* madeClient

      const { items } = yield* calls.ping({ payload: { mesh: "home", to: "bob", timeout_ms: 500 } })

      assert.deepStrictEqual(items.map(({ legs, name, state }) => ({ legs, name, state })), [
        { legs: [], name: "bob", state: "unknown" }
      ])
      assert.deepStrictEqual(items[0]?.failure, {
        code: "broker_unreachable",
        message: "Nobody answers"
      })
    }).pipe(Effect.provide(daemon)))

  it.effect("refuses a name that nobody has", () =>
    Effect.gen(function*() {
      const { calls } = yield* madeClient

      const refusal = yield* Effect.flip(calls.ping({ payload: { to: "zoe" } }))

      assert.deepInclude(refusal, { code: "unknown_name", candidates: ["bob"] })
    }).pipe(Effect.provide(daemon)))
})
