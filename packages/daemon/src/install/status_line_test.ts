import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import { execFileSync } from "node:child_process"
import { unwrapStatusLine, wrapStatusLine } from "./status_line.ts"

const executable = { program: "/opt/it's node/node", args: ["/opt/a b/main.ts"] }

function wrapped(text: string | undefined) {
  return Result.getOrThrow(wrapStatusLine("settings.json", text, executable))
}

function commandIn(text: string): string {
  return JSON.parse(text).statusLine.command
}

/** The words that a shell makes of a command. */
function shellWords(command: string): ReadonlyArray<string> {
  const text = execFileSync("/bin/sh", ["-c", `printf '%s\\0' ${command}`], { encoding: "utf8" })
  return text.split("\0").slice(0, -1)
}

const theirs = "cat > /dev/null; echo \"it's $USER\" 'x'"
const settings = `{
  "model": "opus",
  "statusLine": { "command": ${JSON.stringify(theirs)}, "type": "command", "padding": 0 },
  "permissions": {}
}
`

describe("wrapStatusLine", () => {
  it("adds ours where there is none", () => {
    const { text } = wrapped("{\n  \"model\": \"opus\"\n}\n")

    assert.deepStrictEqual(shellWords(commandIn(text)), [
      executable.program,
      ...executable.args,
      "statusline"
    ])
    assert.strictEqual(JSON.parse(text).statusLine.refreshInterval, 1)
  })

  it("wraps the one that is there, whatever is in it, and changes nothing beside its command", () => {
    const { text } = wrapped(settings)
    const { statusLine, ...others } = JSON.parse(text)

    assert.deepStrictEqual(shellWords(statusLine.command).slice(-3), [
      "statusline",
      "--wrap",
      theirs
    ])
    assert.deepStrictEqual(others, { model: "opus", permissions: {} })
    assert.strictEqual(statusLine.padding, 0)
    assert.strictEqual(text.split("\n").length, settings.split("\n").length)
  })

  it.each([
    "// mine\n{}",
    "[]",
    "{\"statusLine\":null}",
    "{\"statusLine\":{\"type\":\"other\",\"command\":\"x\"}}",
    "{\"statusLine\":{\"type\":\"command\"}}",
    "{\"statusLine\":{\"type\":\"command\",\"command\":\"x\",\"command\":\"y\"}}"
  ])("refuses what it cannot edit, and says what to add: %s", (text) => {
    const refusal = Result.getOrThrow(
      Result.flip(wrapStatusLine("settings.json", text, executable))
    )

    assert.strictEqual(refusal.code, "settings_not_plain")
    assert.match(
      refusal.message,
      /To add: "statusLine": \{ "type": "command", "command": ".+ statusline", "refreshInterval": 1 \}$/
    )
  })
})

describe("unwrapStatusLine", () => {
  it("gives back the very bytes", () => {
    for (const text of [settings, "{\"a\":1}", "{\n  \"a\": 1\n}\n"]) {
      const { entry, text: written } = wrapped(text)
      assert.strictEqual(unwrapStatusLine(written, entry), text)
    }
  })

  it("undoes only our entry where the rest was changed and written anew", () => {
    const { entry, text } = wrapped(settings)
    const { permissions: _, ...kept } = JSON.parse(text)
    const rewritten = JSON.stringify({ ...kept, added: true })

    assert.deepStrictEqual(JSON.parse(unwrapStatusLine(rewritten, entry)), {
      model: "opus",
      statusLine: { command: theirs, type: "command", padding: 0 },
      added: true
    })
  })

  it("leaves a status line that is not ours any more", () => {
    const { entry } = wrapped(undefined)
    for (const text of [settings, "{}", "no JSON", "{\"statusLine\":7}"]) {
      assert.strictEqual(unwrapStatusLine(text, entry), text)
    }
  })
})
