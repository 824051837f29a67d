import { assert, describe, it } from "@effect/vitest"
import { Effect, Option } from "effect"
import { chmodSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs"
import { acquire, holder } from "./process_lock.ts"
import { asOrdinaryUser, temporaryDirectory } from "./testing/temporary_directory.ts"

describe("ProcessLock.acquire", () => {
  it.effect("refuses the process that holds it already", () =>
    Effect.gen(function*() {
      const path = `${yield* temporaryDirectory}/lock`
      yield* acquire(path)

      const refusal = yield* Effect.flip(Effect.scoped(acquire(path)))

      assert.strictEqual(refusal._tag, "ProcessLockHeld")
      assert.strictEqual(refusal.message, `Cannot lock "${path}": process ${process.pid} holds it`)
    }))

  it.effect("is free again when its scope closes, and takes its pid along", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory

      yield* Effect.scoped(acquire(`${directory}/lock`))
      yield* Effect.scoped(acquire(`${directory}/lock`))

      assert.deepStrictEqual(readdirSync(directory), ["lock"])
      assert.strictEqual(statSync(`${directory}/lock`).mode & 0o777, 0o600)
    }))

  it.effect("believes no pid: one that is left over neither holds nor hinders", () =>
    Effect.gen(function*() {
      const path = `${yield* temporaryDirectory}/lock`
      writeFileSync(`${path}.pid`, "1\n")

      yield* acquire(path)

      const refusal = yield* Effect.flip(Effect.scoped(acquire(path)))
      assert.include(refusal.message, `process ${process.pid} holds it`)
    }))

  it.effect("refuses without a name when the pid cannot be read", () =>
    Effect.gen(function*() {
      const path = `${yield* temporaryDirectory}/lock`
      mkdirSync(`${path}.pid`)
      yield* acquire(path)

      const refusal = yield* Effect.flip(Effect.scoped(acquire(path)))

      assert.strictEqual(refusal.message, `Cannot lock "${path}": another process holds it`)
    }))

  it.effect("says why it cannot lock where it may not write", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      chmodSync(directory, 0o500)
      const refusal = yield* asOrdinaryUser(
        Effect.flip(Effect.scoped(acquire(`${directory}/lock`)))
      )

      assert.strictEqual(refusal._tag, "ProcessLockFailed")
      assert.include(refusal.message, "EACCES: permission denied")
    }))

  it.effect("says why it cannot lock what is missing, a directory or somebody's file", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      writeFileSync(
        `${directory}/letter`,
        "A letter, not a lock, and longer than a hundred bytes. ".repeat(20)
      )

      for (const name of ["missing/lock", ".", "letter"]) {
        const refusal = yield* Effect.flip(Effect.scoped(acquire(`${directory}/${name}`)))
        assert.strictEqual(refusal._tag, "ProcessLockFailed")
        assert.include(refusal.message, `Cannot lock "${directory}/${name}": `)
      }
    }))
})

describe("ProcessLock.holder", () => {
  it.effect("names whoever holds the lock, and nobody before and after, and leaves nothing behind", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      const path = `${directory}/lock`
      assert.isTrue(Option.isNone(yield* holder(path)))
      assert.deepStrictEqual(readdirSync(directory), [])

      const held = yield* Effect.scoped(Effect.andThen(acquire(path), holder(path)))

      assert.strictEqual(Option.getOrThrow(held).pid, process.pid)
      assert.isTrue(Option.isNone(yield* holder(path)))
      yield* acquire(path)
    }))

  it.effect("is certain of a process only if that has the file open", () =>
    Effect.gen(function*() {
      const path = `${yield* temporaryDirectory}/lock`
      yield* acquire(path)
      const certain = Option.getOrThrow(yield* holder(path))
      writeFileSync(`${path}.pid`, "1\n")
      const other = Option.getOrThrow(yield* holder(path))

      assert.strictEqual(certain.isCertain, process.platform === "linux")
      assert.deepStrictEqual(other, { pid: 1, isCertain: false })
    }))
})
