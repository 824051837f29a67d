import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { rmSync, statSync } from "node:fs"
import { DatabaseSync } from "node:sqlite"
import { healthy, PAGE_BYTES, withLog } from "./sample_database.ts"

describe("sample databases", () => {
  it.effect("have several pages", () =>
    Effect.gen(function*() {
      const { filename } = yield* healthy

      assert.isAbove(statSync(filename).size, PAGE_BYTES * 4)
    }))

  it.effect("keep one commit in the log alone", () =>
    Effect.gen(function*() {
      const { crashed } = yield* withLog
      rmSync(`${crashed}-wal`)

      using database = new DatabaseSync(crashed)

      assert.strictEqual(database.prepare("SELECT count(*) AS n FROM logs").get()?.["n"], 50)
    }))
})
