import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { chosen, itemReport, listReport } from "./report.ts"
import { Time } from "./times.ts"

const schema = Schema.Struct({ name: Schema.String, at: Time })
const facts = { schema, fields: ["name", "at"], text: () => "" }
const ada = { name: "ada", at: 0 }

describe("itemReport", () => {
  it.effect("encodes by its schema", () =>
    Effect.gen(function*() {
      const answer = yield* itemReport({ ...facts, kind: "x" }).json(ada)

      assert.deepStrictEqual(answer, { item: { name: "ada", at: "1970-01-01T00:00:00.000Z" } })
    }))
})

describe("listReport", () => {
  it.effect("says what is left out", () =>
    Effect.gen(function*() {
      const answer = yield* listReport({ ...facts, kind: "x" }).json({
        items: [],
        page: { more: true }
      })

      assert.deepStrictEqual(answer, { items: [], page: { more: true } })
    }))
})

describe("chosen", () => {
  it("keeps the fields that were named, in that order, and those alone", () => {
    assert.deepStrictEqual(chosen({ item: { a: 1, b: 2, c: 3 } }, ["c", "a", "x"]), {
      item: { c: 3, a: 1 }
    })
    assert.deepStrictEqual(chosen({ items: [{ a: 1, b: 2 }], page: {} }, ["b"]), {
      items: [{ b: 2 }],
      page: {}
    })
  })
})
