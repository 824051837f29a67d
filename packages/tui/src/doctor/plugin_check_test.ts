import { pluginFiles } from "@claudemesh/daemon"
import { applyInstall, planInstall } from "@claudemesh/daemon/install"
import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem } from "effect"
import { skillText } from "../cli/skill.ts"
import { VERSION } from "../version.ts"
import { executablesIn, hooks, plugin, pluginFinding } from "./plugin_check.ts"
import { machine, temporary } from "./testing/fake_machine.ts"

/** A home and a client's directory, with the plugin of an executable that is there. */
const installed = Effect.gen(function*() {
  const fs = yield* FileSystem.FileSystem
  const directory = yield* temporary
  const [home, config] = [`${directory}/cm`, `${directory}/claude`]
  const executable = { program: process.execPath, args: [`${directory}/main.ts`] }
  yield* fs.writeFileString(`${directory}/main.ts`, "")
  yield* fs.makeDirectory(config)
  const parts = { version: VERSION, executable, skill: skillText() }
  const request = { config, home, plugin: parts, statusLine: false, force: false }
  yield* applyInstall(yield* planInstall(request))
  const layer = machine({ home, executable }, { CLAUDE_CONFIG_DIR: config })
  return { fs, config, executable, folder: `${config}/skills/claudemesh`, layer }
})

describe("plugin", () => {
  it.effect("is well as it was installed, and its hooks run this executable", () =>
    Effect.gen(function*() {
      const { layer } = yield* installed
      const [files] = yield* Effect.provide(plugin, layer)
      const [runs] = yield* Effect.provide(hooks, layer)

      assert.deepStrictEqual([files?.status, runs?.status], ["ok", "ok"])
    }).pipe(Effect.scoped, Effect.provide(machine())))

  it.effect("fails where a file is gone, and writes it anew", () =>
    Effect.gen(function*() {
      const { folder, fs, layer } = yield* installed
      yield* fs.remove(`${folder}/.mcp.json`)
      const [before] = yield* Effect.provide(plugin, layer)
      yield* before?.repair?.run ?? Effect.void
      const [after] = yield* Effect.provide(plugin, layer)

      assert.deepStrictEqual([before?.status, after?.status], ["failed", "ok"])
    }).pipe(Effect.scoped, Effect.provide(machine())))

  it.effect("warns of what was changed by hand, and leaves it", () =>
    Effect.gen(function*() {
      const { folder, fs, layer } = yield* installed
      yield* fs.writeFileString(`${folder}/.mcp.json`, "{}")
      const [finding] = yield* Effect.provide(plugin, layer)

      assert.strictEqual(finding?.status, "warning")
      assert.strictEqual(finding?.fix?.cmd, "claudemesh install --force")
      assert.isUndefined(finding?.repair)
    }).pipe(Effect.scoped, Effect.provide(machine())))

  it.effect("warns where it is not installed, and installs nothing", () =>
    Effect.gen(function*() {
      const [finding] = yield* Effect.provide(plugin, machine())
      const [runs] = yield* Effect.provide(hooks, machine())

      assert.strictEqual(finding?.fix?.cmd, "claudemesh install")
      assert.isUndefined(finding?.repair)
      assert.strictEqual(runs?.status, "skipped")
    }))
})

describe("hooks", () => {
  it.effect("fails where the executable is gone, and warns where it is another", () =>
    Effect.gen(function*() {
      const { config, executable, fs, layer } = yield* installed
      const other = machine({}, { CLAUDE_CONFIG_DIR: config })
      const [another] = yield* Effect.provide(hooks, other)
      yield* fs.remove(executable.args[0] ?? "")
      const [gone] = yield* Effect.provide(hooks, layer)

      assert.deepStrictEqual([another?.status, gone?.status], ["warning", "failed"])
    }).pipe(Effect.scoped, Effect.provide(machine())))
})

describe("executablesIn", () => {
  it("reads what a shell would run, whatever is in a path", () => {
    const executable = { program: "/opt/a b/node", args: ["/opt/it's/main.ts"] }
    const text = pluginFiles({ version: VERSION, executable, skill: "" }).get("hooks/hooks.json")

    assert.deepStrictEqual(executablesIn(text ?? ""), ["/opt/a b/node", "/opt/it's/main.ts"])
    assert.isUndefined(executablesIn("{"))
  })
})

describe("pluginFinding", () => {
  it("does not mind what was kept", () => {
    assert.strictEqual(pluginFinding([{ path: "/x", change: "kept", diff: "" }]).status, "ok")
  })
})
