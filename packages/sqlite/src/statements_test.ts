import { assert, describe, it } from "@effect/vitest"
import { DatabaseSync } from "node:sqlite"
import { keepStatements, prepareOne, STATEMENTS_MAX } from "./statements.ts"

describe("keepStatements", () => {
  it("prepares a text once", () => {
    using database = new DatabaseSync(":memory:")
    const prepare = keepStatements(database)

    assert.strictEqual(prepare("SELECT 1"), prepare("SELECT 1"))
  })

  it("lets the oldest go when it is full, and no other", () => {
    using database = new DatabaseSync(":memory:")
    const prepare = keepStatements(database)
    const [first, second] = [prepare("SELECT 0"), prepare("SELECT 1")]

    for (let nth = 2; nth <= STATEMENTS_MAX; nth++) prepare(`SELECT ${nth}`)

    assert.strictEqual(prepare("SELECT 1"), second)
    assert.notStrictEqual(prepare("SELECT 0"), first)
  })
})

describe("prepareOne", () => {
  it("refuses a second statement, which would be dropped without a word", () => {
    using database = new DatabaseSync(":memory:")

    assert.throws(
      () => prepareOne(database, "SELECT 1; DROP TABLE logs"),
      /goes on with "DROP TABLE logs"/
    )
    assert.throws(() => prepareOne(database, "SELECT 1\0; SELECT 2"), /goes on with/)
  })

  it("accepts comments, spaces and semicolons after the statement", () => {
    using database = new DatabaseSync(":memory:")

    for (
      const text of [
        "SELECT 'é';",
        "SELECT 1 ; -- why; SELECT 2",
        "SELECT 1;\n/* ; */ ;\n",
        "SELECT 1; -- a\n-- b\n"
      ]
    ) {
      assert.doesNotThrow(() => prepareOne(database, text))
    }
  })
})
