import { NodeServices } from "@effect/platform-node"
import { layerSeededRandom } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem, Layer, Redacted } from "effect"
import { firstAdminCode } from "./first_admin_code.ts"

const world = Layer.merge(NodeServices.layer, layerSeededRandom("code"))

describe("firstAdminCode", () => {
  it.effect("is made once, and kept in a file that only its user can read", () =>
    Effect.gen(function*() {
      const files = yield* FileSystem.FileSystem
      const directory = yield* files.makeTempDirectoryScoped()
      const code = Redacted.value(yield* firstAdminCode(directory))
      const again = Redacted.value(yield* firstAdminCode(directory))
      const { mode } = yield* files.stat(`${directory}/first_admin_code`)

      assert.match(code, /^[a-z2-7]{24}$/)
      assert.strictEqual(again, code)
      assert.strictEqual(mode & 0o777, 0o600)
    }).pipe(Effect.scoped, Effect.provide(world)))

  it.effect("refuses a directory in which it cannot be kept", () =>
    Effect.gen(function*() {
      const refusal = yield* Effect.flip(firstAdminCode("/nowhere/at/all"))
      assert.strictEqual(refusal.code, "home_unusable")
      assert.include(refusal.message, "/nowhere/at/all")
    }).pipe(Effect.provide(world)))
})
