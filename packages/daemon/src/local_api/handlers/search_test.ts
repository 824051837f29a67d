import { makeMesh } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { layerMadeLocalApi, madeClient } from "../../testing/made_local_api.ts"

const made = makeMesh("search_handlers", ["ada", "bob"])
const daemon = layerMadeLocalApi(made, "ada")

/** What is found of three messages that were sent. */
const found = Effect.fnUntraced(function*(query: object) {
  const { messages, search } = yield* madeClient
  for (const text of ["one fish", "two fish", "red herring"]) {
    yield* messages.send({ headers: {}, payload: { to: "bob", text } })
  }
  const { items, more } = yield* search.messages({ query: { words: "fish", ...query } })
  return { texts: items.map(({ message }) => message.text), more }
})

describe("search.messages", () => {
  it.effect("finds messages by their words, the newest so many", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* found({}), { texts: ["one fish", "two fish"], more: false })
      assert.deepStrictEqual((yield* found({ limit: 1 })).texts.length, 1)
    }).pipe(Effect.provide(daemon)))

  it.effect("looks where it is told: a mesh, who wrote it", () =>
    Effect.gen(function*() {
      assert.lengthOf((yield* found({ mesh: "home", from: "ada", limit: 2 })).texts, 2)
      assert.lengthOf((yield* found({ from: "bob" })).texts, 0)
    }).pipe(Effect.provide(daemon)))

  it.effect("refuses what it cannot look for", () =>
    Effect.gen(function*() {
      for (
        const [query, code] of [[{ words: "**" }, "usage"], [
          { from: "zoe" },
          "unknown_name"
        ]] as const
      ) {
        assert.propertyVal(yield* Effect.flip(found(query)), "code", code)
      }
    }).pipe(Effect.provide(daemon)))
})
