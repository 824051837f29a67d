import { assert, describe, it } from "@effect/vitest"
import { execFileSync } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { commandLine, offerCommand } from "./agent_command.ts"

function shell(script: string, path = "/usr/bin:/bin"): string {
  return execFileSync("/bin/sh", ["-c", script], { encoding: "utf8", env: { PATH: path } })
}

function withDirectory(use: (directory: string) => void): void {
  const directory = mkdtempSync(join(tmpdir(), "cm env "))
  try {
    use(directory)
  } finally {
    rmSync(directory, { recursive: true })
  }
}

describe("commandLine", () => {
  it("makes a command of those words, whatever is in them", () => {
    const line = commandLine(["printf", "%s|", "it's", "$HOME"])
    assert.strictEqual(shell(`${line}\nclaudemesh "a b" c`), "it's|$HOME|a b|c|")
  })

  it("leaves an installed command alone", () => {
    withDirectory((directory) => {
      writeFileSync(join(directory, "claudemesh"), "#!/bin/sh\necho installed\n", { mode: 0o755 })
      const line = commandLine(["echo", "ours"])
      assert.strictEqual(shell(`${line}\nclaudemesh`, `${directory}:/usr/bin:/bin`), "installed\n")
    })
  })
})

describe("offerCommand", () => {
  it("adds one line to what is there, however often it is asked", () => {
    withDirectory((directory) => {
      const file = join(directory, "env.sh")
      writeFileSync(file, "export A=1")
      offerCommand(file, ["echo"])
      offerCommand(file, ["echo"])

      assert.strictEqual(readFileSync(file, "utf8"), `export A=1\n${commandLine(["echo"])}\n`)
    })
  })

  it("goes without where the file cannot be written", () => {
    offerCommand("/nowhere/env.sh", ["echo"])
  })
})
