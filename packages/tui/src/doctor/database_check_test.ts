import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem } from "effect"
import { DatabaseSync } from "node:sqlite"
import { database, databaseFinding } from "./database_check.ts"
import { machine, temporary } from "./testing/fake_machine.ts"

const absent = { daemon: Effect.succeed({ is: "absent" as const }) }

const homeWithData = Effect.gen(function*() {
  const home = yield* temporary
  yield* FileSystem.FileSystem.use((fs) => fs.makeDirectory(`${home}/data`))
  return { home, file: `${home}/data/daemon.sqlite` }
})

describe("database", () => {
  it.live("is well where it is whole", () =>
    Effect.gen(function*() {
      const { file, home } = yield* homeWithData
      const made = new DatabaseSync(file)
      made.exec("CREATE TABLE t (a)")
      made.close()
      const [finding] = yield* Effect.provide(database, machine({ ...absent, home }))

      assert.strictEqual(finding?.status, "ok")
    }).pipe(Effect.scoped, Effect.provide(machine())))

  it.live("fails where it is not, and leaves it as it is", () =>
    Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const { file, home } = yield* homeWithData
      yield* fs.writeFileString(file, "no database at all ".repeat(500))
      const [finding] = yield* Effect.provide(database, machine({ ...absent, home }))

      assert.strictEqual(finding?.status, "failed")
      assert.include(finding?.says, "not a database")
      assert.isTrue((yield* fs.readFileString(file)).startsWith("no database at all"))
    }).pipe(Effect.scoped, Effect.provide(machine())))

  it.effect("is skipped where a daemon has it open, and where there is none", () =>
    Effect.gen(function*() {
      const [open] = yield* Effect.provide(database, machine())
      const [none] = yield* Effect.provide(database, machine(absent))

      assert.deepStrictEqual([open?.status, none?.status], ["skipped", "skipped"])
    }))
})

describe("databaseFinding", () => {
  it("does not call a database damaged that takes long", () => {
    assert.strictEqual(databaseFinding("/x", undefined).status, "skipped")
  })
})
