import { assert, describe, it } from "@effect/vitest"
import { execFileSync } from "node:child_process"
import { word } from "./shell_word.ts"

describe("word", () => {
  it("is read back by a shell as it is, whatever it holds", () => {
    const texts = ["~", "~/x", "a b", "it's", "$(id)", "`id`", "a\nb", "*", "", "!x", "\\", "ü"]
    for (const text of texts) {
      const said = execFileSync("/bin/sh", ["-c", `printf %s ${word(text)}`], { encoding: "utf8" })

      assert.strictEqual(said, text)
    }
  })

  it("is bare where nothing is in it that a shell minds", () => {
    assert.strictEqual(word("/opt/claude-code/bin@2.1:x"), "/opt/claude-code/bin@2.1:x")
  })
})
