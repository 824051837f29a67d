import { NodeFileSystem } from "@effect/platform-node"
import { assert, layer } from "@effect/vitest"
import { Effect, FileSystem } from "effect"
import { type as typed } from "../../testing/command_line.ts"

const place = Effect.gen(function*() {
  const fs = yield* FileSystem.FileSystem
  const user = yield* fs.makeTempDirectoryScoped({ prefix: "cm-" })
  const env = {
    CLAUDE_CONFIG_DIR: `${user}/.claude`,
    CLAUDEMESH_HOME: `${user}/.claudemesh`,
    PATH: user
  }
  const hooks = `${user}/.claude/skills/claudemesh/hooks/hooks.json`
  return { env, hooks, entries: fs.readDirectory(user), change: fs.writeFileString(hooks, "{}") }
})

layer(NodeFileSystem.layer)("uninstall", (it) => {
  it.effect("says that nothing is installed", () =>
    Effect.gen(function*() {
      const { env } = yield* place
      const { exit, stderr, stdout } = yield* typed(["uninstall"], { env })

      assert.deepStrictEqual({ exit, stderr, stdout }, {
        exit: 0,
        stderr: "Nothing is installed\n",
        stdout: ""
      })
    }))

  it.effect("takes away what was installed, once it is not only asked what it would do", () =>
    Effect.gen(function*() {
      const { entries, env } = yield* place
      yield* typed(["install", "--yes"], { env })
      const dry = yield* typed(["uninstall", "--dry-run"], { env })
      assert.lengthOf(yield* entries, 2)
      const real = yield* typed(["uninstall"], { env })

      assert.strictEqual(dry.stdout, real.stdout)
      assert.match(real.stdout, /^(removed\t.+\n)+$/)
      assert.deepStrictEqual(yield* entries, [])
    }))

  it.effect("names what it keeps, and how to take that away too", () =>
    Effect.gen(function*() {
      const { change, entries, env, hooks } = yield* place
      yield* typed(["install", "--yes"], { env })
      yield* change
      const first = yield* typed(["uninstall"], { env, terminal: true })
      const forced = yield* typed(["uninstall", "--force"], { env })

      assert.include(first.stderr, `Kept "${hooks}": it was changed by hand`)
      assert.include(first.stdout, "claudemesh uninstall --force")
      assert.strictEqual(forced.stdout, `removed\t${hooks}\n`)
      assert.deepStrictEqual(yield* entries, [])
    }))
})
