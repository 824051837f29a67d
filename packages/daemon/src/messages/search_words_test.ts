import { assert, describe, it } from "@effect/vitest"
import { seededBytes } from "@claudemesh/testkit"
import { Effect, Result } from "effect"
import { SqlClient } from "effect/sql"
import { layerMigratedDatabase } from "../testing/migrated_database.ts"
import { searchExpression } from "./search_words.ts"

describe("searchExpression", () => {
  it.each([
    ["disk", `"disk"`],
    ["  disk   full ", `"disk" AND "full"`],
    [`"disk is full" now`, `"disk is full" AND "now"`],
    ["dis* full", `"dis*"* AND "full"`],
    [`"disk fu"*`, `"disk fu"*`],
    [`"disk full`, `"disk" AND "full"`],
    ["foo_bar /v1/inbox", `"foo_bar" AND "/v1/inbox"`],
    ["disk - ** full", `"disk" AND "full"`],
    ["NOT full OR (disk) subject:x", `"NOT" AND "full" AND "OR" AND "(disk)" AND "subject:x"`]
  ])("reads %s", (typed, expression) => {
    assert.deepStrictEqual(searchExpression(typed), Result.succeed(expression))
  })

  it.each(["", "  ", "-", `""`, `"*" **`, "\0"])(
    "refuses %j, in which there is no word",
    (typed) => {
      assert.strictEqual(Result.getOrThrow(Result.flip(searchExpression(typed))).code, "usage")
    }
  )

  it("refuses more than any message is worth", () => {
    for (const typed of ["x".repeat(1_001), "x ".repeat(33)]) {
      assert.strictEqual(Result.getOrThrow(Result.flip(searchExpression(typed))).code, "usage")
    }
  })

  it.effect("is never an error of the index, whatever was typed", () =>
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient
      const alphabet = [
        ..."ab\"'*()-+:^{}[] \0\n\t\\.,;NEAROT".split(""),
        "é",
        "日",
        "🙂",
        "\u0301",
        "\uD800"
      ]
      const bytes = seededBytes("search words")
      for (let round = 0; round < 2_000; round++) {
        const typed = [...bytes(12)].map((byte) => alphabet[byte % alphabet.length]).join("")
        const expression = searchExpression(typed)
        if (Result.isFailure(expression)) continue

        yield* sql`SELECT rowid FROM inbox_search WHERE inbox_search MATCH ${expression.success}`
      }
    }).pipe(Effect.provide(layerMigratedDatabase())))
})
