import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { readdirSync, statSync, writeFileSync } from "node:fs"
import { DatabaseSync } from "node:sqlite"
import { open, type OpeningOptions } from "./opening.ts"
import { storageFault } from "./sqlite_error.ts"
import { asOrdinaryUser, temporaryDirectory } from "./testing/temporary_directory.ts"

const settings = Effect.fnUntraced(function*(options: OpeningOptions) {
  const database = yield* open(options)
  return ["journal_mode", "synchronous", "fullfsync", "foreign_keys", "busy_timeout"]
    .map((name) => Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0])
}, Effect.scoped)

function refusal(filename: string) {
  return open({ filename }).pipe(Effect.scoped, Effect.flip, asOrdinaryUser)
}

describe("open", () => {
  it.effect("is durable and checks references, unless told otherwise", () =>
    Effect.gen(function*() {
      const filename = `${yield* temporaryDirectory}/a.db`

      assert.deepStrictEqual(yield* settings({ filename }), ["wal", 2, 1, 1, 2_000])
      assert.deepStrictEqual(
        yield* settings({ filename, synchronous: "normal", busyTimeoutMillis: 5 }),
        ["wal", 1, 0, 1, 5]
      )
      assert.deepStrictEqual(yield* settings({ filename: ":memory:" }), ["memory", 2, 1, 1, 2_000])
    }))

  it.effect("keeps database, log and shared memory to its user, whatever the umask", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      const umask = process.umask(0)
      yield* Effect.addFinalizer(() => Effect.sync(() => process.umask(umask)))

      const database = yield* open({ filename: `${directory}/a.db` })
      database.exec("CREATE TABLE logs (id TEXT)")

      assert.deepStrictEqual(
        readdirSync(directory).toSorted().map((
          name
        ) => [name, statSync(`${directory}/${name}`).mode & 0o777]),
        [["a.db", 0o600], ["a.db-shm", 0o600], ["a.db-wal", 0o600]]
      )
    }))

  it.effect("leaves one file that holds everything when it closes", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      const filename = `${directory}/a.db`

      yield* open({ filename }).pipe(
        Effect.tap((database) => Effect.sync(() => database.exec("CREATE TABLE logs (id TEXT)"))),
        Effect.scoped
      )

      assert.deepStrictEqual(readdirSync(directory), ["a.db"])
      using again = new DatabaseSync(filename, { readOnly: true })
      assert.isDefined(again.prepare("SELECT * FROM logs"))
    }))

  it.effect("copies the log even when a backup tool keeps the file open", () =>
    Effect.gen(function*() {
      const filename = `${yield* temporaryDirectory}/a.db`
      using tool = new DatabaseSync(filename)

      yield* open({ filename }).pipe(
        Effect.tap((database) => Effect.sync(() => database.exec("CREATE TABLE logs (id TEXT)"))),
        Effect.scoped
      )

      assert.isDefined(tool.prepare("SELECT * FROM logs"))
      assert.strictEqual(statSync(`${filename}-wal`).size, 0)
    }))

  it.effect("says what it could not open and why", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      writeFileSync(`${directory}/a.db`, "no database".repeat(100), { mode: 0o666 })
      writeFileSync(`${directory}/closed.db`, "", { mode: 0 })

      const missing = yield* refusal(`${directory}/missing/a.db`)
      const closed = yield* refusal(`${directory}/closed.db`)
      const other = yield* refusal(`${directory}/a.db`)

      assert.include(missing.message, "Cannot open database: ENOENT")
      assert.strictEqual(closed.reason._tag, "ConnectionError")
      assert.strictEqual(storageFault(other), "corrupt")
    }))
})
