import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem } from "effect"
import { judgeClientSettings, judgeSettingsText } from "./client_settings.ts"
import { ok } from "./finding.ts"
import { machine, temporary } from "./testing/fake_machine.ts"

describe("judgeClientSettings", () => {
  it.effect("is skipped where the client has no settings", () =>
    Effect.gen(function*() {
      const finding = yield* Effect.provide(judgeClientSettings(() => ok("seen")), machine())
      assert.strictEqual(finding.status, "skipped")
    }))

  it.effect("reads the file in the client's own directory", () =>
    Effect.gen(function*() {
      const directory = yield* temporary
      const fs = yield* FileSystem.FileSystem
      yield* fs.writeFileString(`${directory}/settings.json`, "{\"sandbox\":1}")
      const finding = yield* judgeClientSettings(({ sandbox }) => ok(`sandbox ${String(sandbox)}`))
        .pipe(Effect.provide(machine({}, { CLAUDE_CONFIG_DIR: directory })))

      assert.strictEqual(finding.says, "sandbox 1")
    }).pipe(Effect.provide(machine())))
})

describe("judgeSettingsText", () => {
  it("warns of what is no JSON, and says how to mend it", () => {
    const finding = judgeSettingsText(() => ok("seen"), "/c/my settings.json", "{")

    assert.strictEqual(finding.status, "warning")
    assert.include(finding.fix?.cmd, "'/c/my settings.json'")
  })
})
