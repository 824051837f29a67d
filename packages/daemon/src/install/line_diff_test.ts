import { assert, describe, it } from "@effect/vitest"
import { execFileSync } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { lineDiff } from "./line_diff.ts"

const ten = Array.from({ length: 10 }, (_, at) => `line ${at}`)

describe("lineDiff", () => {
  it("shows what differs with three lines around it", () => {
    const before = `${ten.join("\n")}\n`
    const after = before.replace("line 5", "line V")

    assert.strictEqual(
      lineDiff("a", before, after),
      [
        "--- a",
        "+++ a",
        "@@ -3,7 +3,7 @@",
        " line 2",
        " line 3",
        " line 4",
        "-line 5",
        "+line V",
        " line 6",
        " line 7",
        " line 8"
      ].join("\n")
    )
  })

  it("says nothing of what is the same", () => {
    assert.strictEqual(lineDiff("a", "x\n", "x\n"), "")
  })

  it("tells a last line with a line feed from one without", () => {
    assert.include(lineDiff("a", "x", "x\n"), "-x\n\\ No newline at end of file\n+x")
  })

  it.each([
    ["x\ny\n", "y\n"],
    ["", "x\n"],
    ["x\n", ""],
    ["a\na\na\n", "a\na\n"],
    ["a\nb", "a\nb\nc"],
    [ten.join("\n"), ten.slice(2, 8).join("\n")]
  ])("is what patch makes the one of the other by: %j, %j", (before, after) => {
    const directory = mkdtempSync(join(tmpdir(), "cm-"))
    const file = join(directory, "a")
    writeFileSync(file, before)
    execFileSync("git", ["apply", "-"], { cwd: directory, input: gitDiff(before, after) })

    assert.strictEqual(readFileSync(file, "utf8"), after)
    rmSync(directory, { recursive: true })
  })
})

function gitDiff(before: string, after: string): string {
  return `${lineDiff("a", before, after).replace("--- a", "--- a/a").replace("+++ a", "+++ b/a")}\n`
}
