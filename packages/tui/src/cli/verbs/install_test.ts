import { NodeFileSystem } from "@effect/platform-node"
import { assert, describe, layer } from "@effect/vitest"
import { Effect, FileSystem } from "effect"
import { documentOf, type as typed } from "../../testing/command_line.ts"

/** A user's directory, and the settings that lead there. */
const place = Effect.gen(function*() {
  const fs = yield* FileSystem.FileSystem
  const user = yield* fs.makeTempDirectoryScoped({ prefix: "cm-" })
  const env = {
    CLAUDE_CONFIG_DIR: `${user}/.claude`,
    CLAUDEMESH_HOME: `${user}/.claudemesh`,
    PATH: user
  }
  return {
    env,
    entries: fs.readDirectory(user),
    read: (path: string) => fs.readFileString(`${user}/${path}`)
  }
})

const SKILL = ".claude/skills/claudemesh/skills/claudemesh/SKILL.md"

layer(NodeFileSystem.layer)("install", (it) => {
  describe("at a terminal", () => {
    it.effect("shows every file, asks, and does it for a yes", () =>
      Effect.gen(function*() {
        const { env, read } = yield* place
        const { exit, stderr } = yield* typed(["install"], { env, terminal: true, stdin: "y\n" })

        assert.strictEqual(exit, 0)
        assert.match(stderr, /created {4}\S+SKILL\.md\n[\s\S]*Do this\? \[y\/N\]\n/)
        assert.match(yield* read(SKILL), /^---\nname: claudemesh\n/)
      }))

    it.effect("does nothing for anything else", () =>
      Effect.gen(function*() {
        const { entries, env } = yield* place
        for (const stdin of ["", "\n", "no\n", "yesterday\n"]) {
          const { exit, stderr } = yield* typed(["install"], { env, terminal: true, stdin })
          assert.strictEqual(exit, 1)
          assert.include(stderr, "Nothing was changed")
        }

        assert.deepStrictEqual(yield* entries, [])
      }))
  })

  describe("where nobody can be asked", () => {
    it.effect("is refused, and the flag is named", () =>
      Effect.gen(function*() {
        const { entries, env } = yield* place
        const surroundings = [
          { env },
          { env: { ...env, CI: "true" }, terminal: true },
          { env: { ...env, CLAUDECODE: "1" }, terminal: true }
        ]
        for (const one of surroundings) {
          const { exit, stderr } = yield* typed(["install"], { ...one, stdin: "y\n" })
          assert.strictEqual(exit, 2)
          assert.include(stderr, "give --yes")
        }

        assert.deepStrictEqual(yield* entries, [])
      }))

    it.effect("does it with --yes, and says once more that there is nothing to do", () =>
      Effect.gen(function*() {
        const { env } = yield* place
        const first = yield* documentOf(
          (yield* typed(["install", "--yes", "--json"], { env })).stdout
        )
        const again = yield* typed(["install"], { env })

        assert.isTrue(first.items?.every(({ change }) => change === "created"))
        assert.strictEqual(again.exit, 0)
        assert.match(again.stdout, /^(unchanged\t.+\n)+$/)
      }))
  })

  it.effect("writes nothing with --dry-run, nor with --print", () =>
    Effect.gen(function*() {
      const { entries, env } = yield* place
      const dry = yield* typed(["install", "--dry-run", "--status-line"], { env })
      const print = yield* typed(["install", "--print"], { env })

      assert.match(dry.stdout, /created\t.+settings\.json\n$/)
      assert.match(print.stdout, /^=== \.claude-plugin\/plugin\.json\n\{\n/)
      assert.deepStrictEqual(yield* entries, [])
    }))

  it.effect("says that agents will not find it, where it is not on PATH", () =>
    Effect.gen(function*() {
      const { env } = yield* place
      const { stderr } = yield* typed(["install", "--dry-run"], { env })

      assert.include(stderr, "claudemesh is not on PATH")
    }))

  it.effect("refuses a directory of the client that is not absolute", () =>
    Effect.gen(function*() {
      const { env } = yield* place
      const wrong = { ...env, CLAUDE_CONFIG_DIR: "claude" }
      const { exit, stderr } = yield* typed(["install", "--yes"], { env: wrong })

      assert.strictEqual(exit, 1)
      assert.include(stderr, "CLAUDE_CONFIG_DIR \"claude\"")
    }))
})
