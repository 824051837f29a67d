import { NodeFileSystem } from "@effect/platform-node"
import { assert, layer } from "@effect/vitest"
import { ConfigProvider, Effect, FileSystem } from "effect"
import { claudeDirectory, installWarnings } from "./install_surroundings.ts"

const NPX = "/cache/_npx/0123/node_modules/claudemesh/main.js"

function withSettings(settings: Readonly<Record<string, string>>) {
  return Effect.provide(ConfigProvider.layer(ConfigProvider.fromUnknown(settings)))
}

function warningsFor(main: string, path: string) {
  return installWarnings({ program: "/node", args: [main] }).pipe(withSettings({ PATH: path }))
}

layer(NodeFileSystem.layer)("the surroundings of an installation", (it) => {
  it.effect("say that a copy in npx's cache goes away", () =>
    Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const directory = yield* fs.makeTempDirectoryScoped()
      yield* fs.writeFileString(`${directory}/claudemesh`, "")

      assert.deepStrictEqual(
        yield* warningsFor("/opt/claudemesh/main.js", `/nowhere:${directory}`),
        []
      )
      const [warning = ""] = yield* warningsFor(NPX, directory)
      assert.include(warning, "npm install -g claudemesh")
      assert.include((yield* warningsFor("/main.js", "/nowhere")).join(), "not on PATH")
    }))

  it.effect("find the client's directory where its own setting says, without a slash at its end", () =>
    Effect.gen(function*() {
      const set = yield* claudeDirectory.pipe(withSettings({ CLAUDE_CONFIG_DIR: "/etc/claude//" }))
      const standard = yield* claudeDirectory.pipe(withSettings({}))

      assert.strictEqual(set, "/etc/claude")
      assert.match(standard, /\/\.claude$/)
    }))
})
