/**
 * Installs and uninstalls as a person does, in a HOME of its own: nothing is left of it.
 *
 * @module
 */
import { assert, describe, it } from "@effect/vitest"
import { execFileSync } from "node:child_process"
import {
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { EXECUTABLE } from "../../executable.ts"

const LIMIT_MILLIS = 60_000

function claudemesh(home: string, ...args: ReadonlyArray<string>): string {
  const env = { PATH: "/usr/bin:/bin", HOME: home }
  return execFileSync(process.execPath, [EXECUTABLE, ...args], {
    env,
    encoding: "utf8",
    stdio: "pipe"
  })
}

function inHome(test: (home: string) => void) {
  return () => {
    const top = mkdtempSync(join(tmpdir(), "cm-"))
    const home = join(top, "a \"home\" of it's own")
    mkdirSync(home)
    try {
      test(home)
    } finally {
      rmSync(top, { recursive: true })
    }
  }
}

function snapshot(directory: string): ReadonlyArray<string> {
  const names = readdirSync(directory, { recursive: true, encoding: "utf8" }).toSorted()
  return [".", ...names].map((name) => {
    const info = lstatSync(join(directory, name))
    const content = info.isFile() ? readFileSync(join(directory, name), "base64") : ""
    return `${name} ${info.mode.toString(8)} ${content}`
  })
}

function writeClient(home: string) {
  mkdirSync(join(home, ".claude/skills/other"), { recursive: true })
  writeFileSync(join(home, ".claude/skills/other/SKILL.md"), "other")
  writeFileSync(
    join(home, ".claude/settings.json"),
    "{\"statusLine\": {\"type\":\"command\", \"command\":\"echo mine\"} ,\n  \"z\":1}"
  )
}

describe("claudemesh install", () => {
  it(
    "leaves a home without a client as it was",
    inHome((home) => {
      const before = snapshot(home)
      claudemesh(home, "install", "--yes", "--status-line")
      assert.isAbove(snapshot(home).length, before.length)
      claudemesh(home, "uninstall")

      assert.deepStrictEqual(snapshot(home), before)
    }),
    LIMIT_MILLIS
  )

  it(
    "leaves a client's settings and skills as they were, and its status line goes on meanwhile",
    inHome((home) => {
      writeClient(home)
      const before = snapshot(home)
      claudemesh(home, "install", "--yes", "--status-line")
      const { statusLine } = JSON.parse(readFileSync(join(home, ".claude/settings.json"), "utf8"))
      const env = { PATH: "/usr/bin:/bin", HOME: home }
      const line = execFileSync("/bin/sh", ["-c", statusLine.command], {
        env,
        input: "{}",
        encoding: "utf8"
      })
      claudemesh(home, "install", "--yes")
      claudemesh(home, "uninstall")

      assert.strictEqual(line, "mine\n")
      assert.deepStrictEqual(snapshot(home), before)
    }),
    LIMIT_MILLIS
  )

  it(
    "writes hooks that a shell can run",
    inHome((home) => {
      claudemesh(home, "install", "--yes")
      const path = join(home, ".claude/skills/claudemesh/hooks/hooks.json")
      const { hooks } = JSON.parse(readFileSync(path, "utf8"))
      const [{ hooks: [hook] }] = hooks.SessionStart
      const env = { PATH: "/usr/bin:/bin", HOME: home }
      const said = execFileSync("/bin/sh", ["-c", hook.command], {
        env,
        input: "{}",
        encoding: "utf8"
      })

      assert.strictEqual(hook.type, "command")
      assert.strictEqual(said, "")
    }),
    LIMIT_MILLIS
  )

  it(
    "honours the client's own setting of where its files are",
    inHome((home) => {
      writeClient(home)
      cpSync(join(home, ".claude"), join(home, "elsewhere"), { recursive: true })
      const env = { PATH: "/usr/bin:/bin", HOME: home, CLAUDE_CONFIG_DIR: join(home, "elsewhere") }
      execFileSync(process.execPath, [EXECUTABLE, "install", "--yes"], { env, stdio: "pipe" })

      assert.deepStrictEqual(readdirSync(join(home, ".claude/skills")), ["other"])
      assert.includeMembers(readdirSync(join(home, "elsewhere/skills")), ["claudemesh", "other"])
    }),
    LIMIT_MILLIS
  )
})
