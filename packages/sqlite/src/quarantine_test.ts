import { assert, describe, it } from "@effect/vitest"
import { Effect, Option } from "effect"
import { TestClock } from "effect/testing"
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync
} from "node:fs"
import { openable } from "./quarantine.ts"
import { healthy, PAGE_BYTES, withLog } from "./testing/sample_database.ts"
import { asOrdinaryUser, temporaryDirectory } from "./testing/temporary_directory.ts"

const setClock = TestClock.setTime(Date.UTC(2026, 10, 24, 5, 30, 0, 123))

/** What is moved by that clock is called. */
const STAMP = ".corrupt-20261124T053000.123Z"

describe("Quarantine.openable", () => {
  it.effect("leaves alone what is healthy, new or in memory", () =>
    Effect.gen(function*() {
      const { directory, filename } = yield* healthy

      for (const path of [filename, `${directory}/new.db`, ":memory:"]) {
        assert.isTrue(Option.isNone(yield* openable(path)))
      }

      assert.isTrue(existsSync(filename))
    }))

  it.effect("moves a damaged file as it is and says what was wrong", () =>
    Effect.gen(function*() {
      yield* setClock
      const { directory, filename } = yield* healthy
      truncateSync(filename, PAGE_BYTES * 3 + 7)
      const damaged = readFileSync(filename)

      const found = Option.getOrThrow(yield* openable(filename))

      assert.strictEqual(found.filename, filename)
      assert.strictEqual(found.damage, "database disk image is malformed")
      assert.strictEqual(found.moved[0], `${filename}${STAMP}`)
      assert.deepStrictEqual(readFileSync(`${filename}${STAMP}`), damaged)
      assert.isTrue(readdirSync(directory).every((name) => name.startsWith(`a.db${STAMP}`)))
    }))

  it.effect("moves the log along, unread", () =>
    Effect.gen(function*() {
      yield* setClock
      const { crashed } = yield* withLog
      truncateSync(crashed, PAGE_BYTES * 2)
      const [damaged, log] = [readFileSync(crashed), readFileSync(`${crashed}-wal`)]

      const found = Option.getOrThrow(yield* openable(crashed))

      assert.includeMembers([...found.moved], [`${crashed}${STAMP}`, `${crashed}${STAMP}-wal`])
      assert.deepStrictEqual(readFileSync(`${crashed}${STAMP}`), damaged)
      assert.deepStrictEqual(readFileSync(`${crashed}${STAMP}-wal`), log)
      assert.isFalse(["", "-wal", "-shm"].some((suffix) => existsSync(crashed + suffix)))
    }))

  it.effect("moves a log whose database is gone or empty, which SQLite would delete", () =>
    Effect.gen(function*() {
      yield* setClock
      for (
        const lose of [(path: string) => rmSync(path), (path: string) => truncateSync(path, 0)]
      ) {
        const { crashed } = yield* withLog
        const log = readFileSync(`${crashed}-wal`)
        lose(crashed)

        const found = Option.getOrThrow(yield* openable(crashed))

        assert.strictEqual(found.damage, "its write-ahead log is there without it")
        assert.deepStrictEqual(readFileSync(`${crashed}${STAMP}-wal`), log)
      }
    }))

  it.effect("never overwrites what it moved before", () =>
    Effect.gen(function*() {
      yield* setClock
      const { filename } = yield* healthy

      const moved: Array<string> = []
      for (const noise of ["first", "second", "third"]) {
        writeFileSync(filename, noise.repeat(100))
        moved.push(...Option.getOrThrow(yield* openable(filename)).moved)
      }

      assert.deepStrictEqual(moved, ["", "-2", "-3"].map((nth) => `${filename}${STAMP}${nth}`))
      assert.strictEqual(readFileSync(`${filename}${STAMP}`, "utf8"), "first".repeat(100))
    }))

  it.effect("refuses a directory", () =>
    Effect.gen(function*() {
      const path = `${yield* temporaryDirectory}/a.db`
      mkdirSync(path)

      const refusal = yield* Effect.flip(openable(path))

      assert.strictEqual(refusal.message, `Cannot open database "${path}": it is not a file`)
    }))

  it.effect("refuses what it may not read, and leaves it where it is", () =>
    Effect.gen(function*() {
      const { directory, filename } = yield* healthy
      chmodSync(filename, 0)

      const refusal = yield* asOrdinaryUser(Effect.flip(openable(filename)))

      assert.strictEqual(
        refusal.message,
        `Cannot open database "${filename}": unable to open database file`
      )
      assert.deepStrictEqual(readdirSync(directory), ["a.db"])
    }))

  it.effect("refuses what is damaged and may not be moved", () =>
    Effect.gen(function*() {
      const { directory, filename } = yield* healthy
      writeFileSync(filename, "noise".repeat(100))
      chmodSync(filename, 0o666)
      chmodSync(directory, 0o555)

      const refusal = yield* asOrdinaryUser(Effect.flip(openable(filename)))

      assert.include(refusal.reason, "EACCES: permission denied, rename")
      assert.deepStrictEqual(readdirSync(directory), ["a.db"])
    }))
})
