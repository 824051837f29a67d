import { assert, describe, it } from "@effect/vitest"
import { NodeServices } from "@effect/platform-node"
import { Cause, ConfigProvider, Effect, FileSystem } from "effect"
import { invite } from "../testing/samples.ts"
import { withoutSecrets, writeCrashFile } from "./crash_file.ts"

describe("withoutSecrets", () => {
  it("takes the secret out of an invite link", () => {
    const text = withoutSecrets(`cannot join '${invite.link}' now`)
    assert.strictEqual(text, `cannot join 'http://127.0.0.1:7843/i/${invite.id}#…' now`)
  })
})

describe("writeCrashFile", () => {
  it.effect("keeps the cause and the verb, for the user alone", () =>
    Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const home = yield* fs.makeTempDirectoryScoped()
      const settings = ConfigProvider.layer(ConfigProvider.fromUnknown({ CLAUDEMESH_HOME: home }))
      const path = yield* writeCrashFile(["claudemesh", "send"], Cause.die("boom")).pipe(
        Effect.provide(settings)
      )

      const text = yield* fs.readFileString(path ?? "")
      assert.match(text, /verb: claudemesh send\n[\s\S]*boom/)
      assert.strictEqual((yield* fs.stat(path ?? "")).mode & 0o777, 0o600)
    }).pipe(Effect.provide(NodeServices.layer)))

  it.effect("names no file where none can be written", () =>
    Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const file = yield* fs.makeTempFileScoped()
      const settings = ConfigProvider.layer(ConfigProvider.fromUnknown({ CLAUDEMESH_HOME: file }))
      const path = yield* writeCrashFile([], Cause.die("boom")).pipe(Effect.provide(settings))

      assert.isUndefined(path)
    }).pipe(Effect.provide(NodeServices.layer)))
})
