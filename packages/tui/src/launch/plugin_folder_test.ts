import { NodeServices } from "@effect/platform-node"
import { assert, layer } from "@effect/vitest"
import { ConfigProvider, Effect, FileSystem } from "effect"
import { isPluginInstalled, pluginFolderIn, writePluginFolder } from "./plugin_folder.ts"

const temporary = FileSystem.FileSystem.use((fs) => fs.makeTempDirectoryScoped({ prefix: "cm-" }))

function isInstalledFor(env: Readonly<Record<string, string>>) {
  return Effect.provideService(
    isPluginInstalled,
    ConfigProvider.ConfigProvider,
    ConfigProvider.fromUnknown(env)
  )
}

layer(NodeServices.layer)("writePluginFolder", (it) => {
  it.effect("writes the plugin for its user alone, and a second time nothing", () =>
    Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const folder = pluginFolderIn(yield* temporary)
      yield* writePluginFolder(folder)
      const manifest = `${folder}/.claude-plugin/plugin.json`
      const first = yield* fs.stat(manifest)
      yield* writePluginFolder(folder)
      const second = yield* fs.stat(manifest)

      assert.strictEqual((yield* fs.stat(folder)).mode & 0o777, 0o700)
      assert.strictEqual(first.mode & 0o777, 0o600)
      assert.deepStrictEqual(second.ino, first.ino)
      assert.include(yield* fs.readFileString(`${folder}/.mcp.json`), "claudemesh.js")
    }))

  it.effect("writes it for many launches at a time", () =>
    Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const folder = pluginFolderIn(yield* temporary)
      const launches = Array.from({ length: 16 }, () => writePluginFolder(folder))
      yield* Effect.all(launches, { concurrency: "unbounded" })

      assert.deepStrictEqual(yield* fs.readDirectory(`${folder}/hooks`), ["hooks.json"])
    }))

  it.effect("is not needed where the client finds the plugin by itself", () =>
    Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const home = yield* temporary
      const manifest = `${home}/.claude/skills/claudemesh/.claude-plugin`
      const before = yield* isInstalledFor({ HOME: home })
      yield* fs.makeDirectory(manifest, { recursive: true })
      yield* fs.writeFileString(`${manifest}/plugin.json`, "{}")

      assert.isFalse(before)
      assert.isTrue(yield* isInstalledFor({ HOME: home }))
      assert.isTrue(yield* isInstalledFor({ CLAUDE_CONFIG_DIR: `${home}/.claude` }))
      assert.isFalse(yield* isInstalledFor({ HOME: home, CLAUDE_CONFIG_DIR: `${home}/other` }))
    }))
})
