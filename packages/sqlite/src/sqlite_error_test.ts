import { assert, describe, it } from "@effect/vitest"
import { DatabaseSync } from "node:sqlite"
import { resultCode, storageFault, toSqlError } from "./sqlite_error.ts"

describe("toSqlError", () => {
  it("classifies as Effect's drivers do", () => {
    using database = new DatabaseSync(":memory:")
    database.exec(
      "CREATE TABLE logs (id TEXT UNIQUE, head INTEGER NOT NULL); INSERT INTO logs VALUES ('a', 1)"
    )

    const unique = refusal(database, "INSERT INTO logs VALUES ('a', 2)")
    assert.strictEqual(unique._tag, "UniqueViolation")
    assert.strictEqual(
      unique.message,
      "Cannot execute statement: UNIQUE constraint failed: logs.id"
    )
    assert.strictEqual(
      refusal(database, "INSERT INTO logs VALUES ('b', NULL)")._tag,
      "ConstraintError"
    )
    assert.strictEqual(refusal(database, "SELEC 1")._tag, "UnknownError")
    assert.strictEqual(toSqlError(sqlite(5), "x").reason._tag, "LockTimeoutError")
    assert.strictEqual(toSqlError(sqlite(262), "x").reason._tag, "LockTimeoutError")
    assert.strictEqual(toSqlError(sqlite(14), "x").reason._tag, "ConnectionError")
    assert.strictEqual(toSqlError("odd", "x").reason.message, "Cannot x: odd")
  })
})

describe("storageFault", () => {
  it("tells a full disk, a failing disk and a damaged file apart", () => {
    assert.strictEqual(storageFault(toSqlError(sqlite(13), "x")), "full")
    assert.strictEqual(storageFault(toSqlError(sqlite(1_034), "x")), "io")
    assert.strictEqual(storageFault(toSqlError(sqlite(11), "x")), "corrupt")
    assert.strictEqual(storageFault(toSqlError(sqlite(26), "x")), "corrupt")
    assert.isUndefined(storageFault(toSqlError(sqlite(19), "x")))
    assert.isUndefined(storageFault(toSqlError(sqlite(5), "x")))
    assert.isUndefined(storageFault(toSqlError(new Error("no code"), "execute statement")))
  })
})

describe("resultCode", () => {
  it("is the primary code, and nothing for what SQLite did not throw", () => {
    assert.strictEqual(resultCode(sqlite(2_067)), 19)
    assert.isUndefined(resultCode(new Error("no code")))
    assert.isUndefined(resultCode(undefined))
  })
})

function sqlite(errcode: number): Error {
  return Object.assign(new Error("from SQLite"), { code: "ERR_SQLITE_ERROR", errcode })
}

function refusal(database: DatabaseSync, sql: string) {
  try {
    database.exec(sql)
    return assert.fail("SQLite refused nothing")
  } catch (thrown) {
    return toSqlError(thrown, "execute statement").reason
  }
}
