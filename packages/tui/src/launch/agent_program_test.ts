import { NodeServices } from "@effect/platform-node"
import { assert, describe, layer } from "@effect/vitest"
import { ConfigProvider, Effect, FileSystem, Layer } from "effect"
import { agentProgram } from "./agent_program.ts"

const agent = {
  title: "Claude Code",
  program: "claude",
  variable: "CLAUDE_BIN",
  places: ["~/.local/bin"],
  install: "npm install -g it"
}

const makePlaces = Effect.fnUntraced(function*(files: ReadonlyArray<string>) {
  const fs = yield* FileSystem.FileSystem
  const root = yield* fs.makeTempDirectoryScoped({ prefix: "cm-" })
  for (const file of files) {
    yield* fs.makeDirectory(`${root}/${file}`.replace(/\/[^/]+$/, ""), { recursive: true })
    yield* fs.writeFileString(`${root}/${file}`, "", { mode: 0o755 })
  }
  return root
})

const find = Effect.fnUntraced(function*(root: string, bin = "") {
  const env = { PATH: `relative:${root}/one:${root}/two`, HOME: `${root}/home`, CLAUDE_BIN: bin }
  return yield* agentProgram(agent).pipe(
    Effect.provideService(ConfigProvider.ConfigProvider, ConfigProvider.fromUnknown(env)),
    Effect.map((file) => file.replace(root, ""))
  )
})

layer(NodeServices.layer.pipe(Layer.orDie))("agentProgram", (it) => {
  describe("where there are several", () => {
    it.effect("takes the first on PATH", () =>
      Effect.gen(function*() {
        const root = yield* makePlaces(["two/claude", "home/.local/bin/claude"])

        assert.strictEqual(yield* find(root), "/two/claude")
      }))

    it.effect("takes the one that its variable names before all", () =>
      Effect.gen(function*() {
        const root = yield* makePlaces(["one/claude", "mine"])

        assert.strictEqual(yield* find(root, `${root}/mine`), "/mine")
      }))
  })

  describe("where PATH has none", () => {
    it.effect("looks where installers put it", () =>
      Effect.gen(function*() {
        const root = yield* makePlaces(["home/.local/bin/claude"])

        assert.strictEqual(yield* find(root), "/home/.local/bin/claude")
      }))

    it.effect("says where it looked, and what installs it", () =>
      Effect.gen(function*() {
        const root = yield* makePlaces([])
        yield* FileSystem.FileSystem.use((fs) =>
          fs.makeDirectory(`${root}/one/claude`, { recursive: true })
        )
        const { code, message } = yield* Effect.flip(find(root))

        assert.strictEqual(code, "program_missing")
        assert.strictEqual(
          message,
          "Cannot find Claude Code: there is no claude in PATH, ~/.local/bin; npm install -g it installs it"
        )
      }))

    it.effect("does not look elsewhere where its variable names none", () =>
      Effect.gen(function*() {
        const root = yield* makePlaces(["one/claude"])
        const { message } = yield* Effect.flip(find(root, "/nowhere"))

        assert.include(message, "no claude at CLAUDE_BIN, \"/nowhere\"")
      }))
  })
})
