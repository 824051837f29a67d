import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  truncateSync,
  writeFileSync
} from "node:fs"
import { DatabaseSync } from "node:sqlite"
import { damageOf } from "./damage.ts"
import { healthy, PAGE_BYTES, withLog } from "./testing/sample_database.ts"
import { asOrdinaryUser } from "./testing/temporary_directory.ts"

describe("damageOf", () => {
  it.effect("is nothing for what is healthy, empty or not there, and changes nothing", () =>
    Effect.gen(function*() {
      const { directory, filename } = yield* healthy
      writeFileSync(`${directory}/empty.db`, "")
      const before = readFileSync(filename)

      for (
        const path of [
          filename,
          `${directory}/empty.db`,
          `${directory}/new.db`,
          `${directory}/no/a.db`
        ]
      ) {
        assert.isUndefined(damageOf(path))
      }

      assert.deepStrictEqual(readFileSync(filename), before)
    }))

  it.effect("is nothing for what a crash has left, log and all", () =>
    Effect.gen(function*() {
      const { crashed } = yield* withLog

      assert.isUndefined(damageOf(crashed))

      using database = new DatabaseSync(crashed)
      assert.strictEqual(database.prepare("SELECT count(*) AS n FROM logs").get()?.["n"], 51)
    }))

  it.effect("is nothing for a rollback that a crash has interrupted", () =>
    Effect.gen(function*() {
      const { directory, filename } = yield* healthy
      using database = new DatabaseSync(filename)
      // With one page of cache, the change is in the file before it is committed.
      database.exec(
        "PRAGMA journal_mode = DELETE; PRAGMA cache_size = 1; BEGIN; UPDATE logs SET id = 'changed'"
      )
      const crashed = `${directory}/crashed.db`
      for (const suffix of ["", "-journal"]) copyFileSync(filename + suffix, crashed + suffix)

      assert.isUndefined(damageOf(crashed))

      using again = new DatabaseSync(crashed)
      assert.strictEqual(
        again.prepare("SELECT count(*) AS n FROM logs WHERE id = 'changed'").get()?.["n"],
        0
      )
    }))

  it.effect("finds a file cut short", () =>
    Effect.gen(function*() {
      for (const bytes of [10, 100, PAGE_BYTES, PAGE_BYTES * 3 + 7]) {
        const { filename } = yield* healthy
        truncateSync(filename, bytes)

        assert.isDefined(damageOf(filename), `${bytes} bytes`)
      }
    }))

  it.effect("finds what was never a database", () =>
    Effect.gen(function*() {
      const { filename } = yield* healthy
      const random = Buffer.from(
        Array.from({ length: 20_000 }, (_, at) => (at * at * 31 + at * 7) % 251)
      )

      for (const bytes of [random, random.subarray(0, 300), Buffer.alloc(8_192)]) {
        writeFileSync(filename, bytes)
        assert.strictEqual(damageOf(filename), "file is not a database")
      }
    }))

  it.effect("finds any page flipped", () =>
    Effect.gen(function*() {
      const { directory, filename } = yield* healthy
      const whole = readFileSync(filename)

      for (let page = 0; page < whole.length / PAGE_BYTES; page++) {
        const damaged = `${directory}/${page}.db`
        const flipped = whole.map((byte, at) =>
          Math.floor(at / PAGE_BYTES) === page ? byte ^ 0xff : byte
        )
        writeFileSync(damaged, flipped)
        assert.isDefined(damageOf(damaged), `page ${page}`)
      }
    }))

  it.effect("finds a header that asks for a format no SQLite has", () =>
    Effect.gen(function*() {
      const { filename } = yield* healthy
      const bytes = readFileSync(filename)
      bytes.writeUInt32BE(9, 44)
      writeFileSync(filename, bytes)

      assert.strictEqual(damageOf(filename), "unsupported file format")
    }))

  it.effect("is not a directory, a missing right or a lock: those are thrown", () =>
    Effect.gen(function*() {
      const { directory, filename } = yield* healthy
      mkdirSync(`${directory}/b.db`)
      assert.throws(() => damageOf(`${directory}/b.db`), "it is not a file")

      using other = new DatabaseSync(filename)
      other.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE")
      assert.throws(() => damageOf(filename), "database is locked")
      other.close()

      chmodSync(filename, 0)
      yield* asOrdinaryUser(
        Effect.sync(() => assert.throws(() => damageOf(filename), "unable to open"))
      )
    }))
})
