import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem } from "effect"
import { closeEntry, openEntries } from "./open_entries.ts"
import { machine, temporary } from "./testing/fake_machine.ts"

const prepared = Effect.gen(function*() {
  const fs = yield* FileSystem.FileSystem
  const home = yield* temporary
  for (const name of ["keys", "keys/left", "run", "run/sessions", "data"]) {
    yield* fs.makeDirectory(`${home}/${name}`, { mode: 0o700 })
  }
  for (const name of ["keys/a.json", "run/sessions/s.token", "data/daemon.sqlite"]) {
    yield* fs.writeFileString(`${home}/${name}`, "", { mode: 0o600 })
  }
  return { fs, home }
})

describe("openEntries", () => {
  it.effect("finds nothing in a home that is closed", () =>
    Effect.gen(function*() {
      const { home } = yield* prepared
      assert.deepStrictEqual(yield* openEntries(home), [])
    }).pipe(Effect.scoped, Effect.provide(machine())))

  it.effect("finds directories, keys, tokens and databases that others may use, and closes them", () =>
    Effect.gen(function*() {
      const { fs, home } = yield* prepared
      yield* fs.chmod(`${home}/keys/left`, 0o755)
      yield* fs.chmod(`${home}/run/sessions/s.token`, 0o644)
      yield* fs.chmod(`${home}/data/daemon.sqlite`, 0o660)
      const open = yield* openEntries(home)
      yield* Effect.forEach(open, closeEntry)

      assert.sameDeepMembers([...open], [
        { path: `${home}/keys/left`, fault: "mode", mode: 0o700 },
        { path: `${home}/run/sessions/s.token`, fault: "mode", mode: 0o600 },
        { path: `${home}/data/daemon.sqlite`, fault: "mode", mode: 0o600 }
      ])
      assert.deepStrictEqual(yield* openEntries(home), [])
    }).pipe(Effect.scoped, Effect.provide(machine())))

  it.effect("follows no link, neither to look nor to close", () =>
    Effect.gen(function*() {
      const { fs, home } = yield* prepared
      const outside = yield* temporary
      yield* fs.writeFileString(`${outside}/file`, "", { mode: 0o644 })
      yield* fs.symlink(outside, `${home}/keys/link`)
      yield* fs.symlink(`${outside}/file`, `${home}/keys/file`)
      yield* closeEntry({ path: `${home}/keys/file`, fault: "mode", mode: 0o600 })

      assert.deepStrictEqual(yield* openEntries(home), [])
      assert.strictEqual((yield* fs.stat(`${outside}/file`)).mode & 0o777, 0o644)
    }).pipe(Effect.scoped, Effect.provide(machine())))
})
