import { assert, describe, it } from "@effect/vitest"
import { toCamel, toCamelRows, toSnake } from "./names.ts"

describe("names", () => {
  it("turns names both ways", () => {
    for (
      const [camel, snake] of [["createdAt", "created_at"], ["id", "id"], [
        "haveUpToSeq",
        "have_up_to_seq"
      ]] as const
    ) {
      assert.strictEqual(toSnake(camel), snake)
      assert.strictEqual(toCamel(snake), camel)
    }
  })

  it("goes on turning names when it remembers no more", () => {
    for (let nth = 0; nth < 2_000; nth++) {
      assert.strictEqual(toSnake(`nameNo${nth}`), `name_no${nth}`)
    }
    assert.strictEqual(toSnake("nameNo1999"), "name_no1999")
  })
})

describe("toCamelRows", () => {
  it("renames the columns of each row", () => {
    const rows = toCamelRows([{ created_at: 1, id: "a" }, { created_at: 2, id: "b" }])

    assert.deepStrictEqual<unknown>(rows, [{ createdAt: 1, id: "a" }, { createdAt: 2, id: "b" }])
  })

  it("passes on rows that have nothing to rename", () => {
    const rows = [{ id: "a" }]

    assert.strictEqual(toCamelRows(rows), rows)
    assert.lengthOf(toCamelRows([]), 0)
  })
})
