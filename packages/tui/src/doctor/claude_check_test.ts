import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem } from "effect"
import { claude, claudeFinding } from "./claude_check.ts"
import { machine, temporary } from "./testing/fake_machine.ts"

describe("claude", () => {
  it.live("finds the client that CLAUDE_BIN names, and asks its version", () =>
    Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const file = `${yield* temporary}/claude`
      yield* fs.writeFileString(file, "#!/bin/sh\necho '2.1.330 (Claude Code)'\n", { mode: 0o755 })
      const [finding] = yield* Effect.provide(claude, machine({}, { CLAUDE_BIN: file }))

      assert.strictEqual(finding?.status, "ok")
      assert.include(finding?.says, "2.1.330")
    }).pipe(Effect.scoped, Effect.provide(machine())))

  it.effect("warns where there is none, with what installs it", () =>
    Effect.gen(function*() {
      const [finding] = yield* Effect.provide(
        claude,
        machine({}, { CLAUDE_BIN: "/nowhere/claude" })
      )

      assert.strictEqual(finding?.status, "warning")
      assert.include(finding?.fix?.cmd, "npm install")
    }))
})

describe("claudeFinding", () => {
  it("says of an old client what works", () => {
    const { says, status } = claudeFinding("claude", "2.1.249 (Claude Code)")

    assert.strictEqual(status, "warning")
    assert.include(says, "by hooks")
    assert.strictEqual(claudeFinding("claude", "2.1.250 (Claude Code)").status, "ok")
  })

  it("names a program that a shell can run, wherever it is", () => {
    const { fix } = claudeFinding("/opt/it's mine/claude", "2.1.249")

    assert.strictEqual(fix?.cmd, String.raw`'/opt/it'\''s mine/claude' update`)
  })

  it("warns of one that says nothing", () => {
    assert.strictEqual(claudeFinding("claude", undefined).status, "warning")
  })
})
