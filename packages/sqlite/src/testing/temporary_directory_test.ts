import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { chmodSync, existsSync, readdirSync, writeFileSync } from "node:fs"
import { asOrdinaryUser, temporaryDirectory } from "./temporary_directory.ts"

describe("temporaryDirectory", () => {
  it.effect("is empty, another each time, and gone with its scope", () =>
    Effect.gen(function*() {
      const [first, second] = yield* Effect.scoped(
        Effect.all([temporaryDirectory, Effect.tap(temporaryDirectory, fill)])
      )

      assert.notStrictEqual(first, second)
      assert.isFalse(existsSync(first) || existsSync(second))
      assert.lengthOf(readdirSync(yield* temporaryDirectory), 0)
    }))
})

describe("asOrdinaryUser", () => {
  it.effect("is refused what the mode refuses, and only meanwhile", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      chmodSync(directory, 0o500)

      yield* asOrdinaryUser(
        Effect.sync(() => assert.throws(() => writeFileSync(`${directory}/a`, ""), "EACCES"))
      )

      chmodSync(directory, 0o700)
      assert.doesNotThrow(() => writeFileSync(`${directory}/a`, ""))
    }))
})

function fill(directory: string) {
  return Effect.sync(() => writeFileSync(`${directory}/a`, ""))
}
