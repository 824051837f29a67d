import { assert, describe, it } from "@effect/vitest"
import { kindOf, type LastingFault, makeGuard } from "./fault_guard.ts"

/** What SQLite throws with that result code. */
function thrownWith(errcode: number, message: string): Error {
  return Object.assign(new Error(message), { errcode })
}

/** A guard, what it has told, and a call of it that may fail. */
function guarding() {
  const told: Array<LastingFault> = []
  const guard = makeGuard((fault) => told.push(fault))
  function call(thrown?: unknown) {
    return guard(() => {
      if (thrown !== undefined) throw thrown
      return "done"
    })
  }
  return { call, told }
}

describe("makeGuard", () => {
  it.each([
    [1034, "io", "disk I/O error"], // SQLITE_IOERR_FSYNC
    [11, "corrupt", "database disk image is malformed"],
    [26, "corrupt", "file is not a database"]
  ])("lets nothing through after result code %i, and tells it once", (code, fault, reason) => {
    const { call, told } = guarding()
    assert.strictEqual(call(), "done")
    assert.throws(() => call(thrownWith(code, reason)), reason)

    assert.throws(() => call(), reason)
    assert.throws(() => call(thrownWith(1034, "another")), reason)
    assert.deepStrictEqual<ReadonlyArray<unknown>>(told, [{ fault, reason }])
  })

  it.each([
    [13, "database or disk is full"],
    [4874, "no room for the index of the write-ahead log"], // SQLITE_IOERR_SHMSIZE
    [5, "database is locked"],
    [19, "UNIQUE constraint failed"]
  ])("goes on after result code %i", (code, reason) => {
    const { call, told } = guarding()
    assert.throws(() => call(thrownWith(code, reason)), reason)

    assert.strictEqual(call(), "done")
    assert.lengthOf(told, 0)
  })

  it("lets through what undoes, and tells nothing more where that fails", () => {
    const told: Array<LastingFault> = []
    const guard = makeGuard((fault) => told.push(fault))
    assert.throws(() => guard(() => fail(thrownWith(11, "malformed"))), "malformed")

    assert.strictEqual(guard(() => "undone", "undo"), "undone")
    assert.throws(() => guard(() => fail(thrownWith(1034, "disk I/O error")), "undo"), "I/O")
    assert.throws(() => guard(() => "done"), "malformed")
    assert.lengthOf(told, 1)
  })
})

describe("kindOf", () => {
  it.each([
    ["ROLLBACK", "undo"],
    ["ROLLBACK TO SAVEPOINT effect_sql_1", "undo"],
    ["RELEASE SAVEPOINT effect_sql_1", "undo"],
    ["COMMIT", "do"],
    ["BEGIN IMMEDIATE", "do"],
    ["DELETE FROM logs", "do"]
  ])("takes %s for what can %s", (sql, kind) => assert.strictEqual(kindOf(sql), kind))
})

function fail(thrown: Error): never {
  throw thrown
}
