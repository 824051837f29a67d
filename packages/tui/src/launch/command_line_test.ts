import { assert, describe, it } from "@effect/vitest"
import { launchWords, splitWords } from "./command_line.ts"

function rewritten(line: string): string {
  return launchWords(line.split(" ")).join(" ")
}

describe("launchWords", () => {
  it.each([
    "--resume x",
    "--resume=x",
    "-c",
    "--name api codex",
    "--mesh home --continue",
    "-m home -c",
    "--mesh=home -y -c",
    "--join LINK",
    "--caps dm,read"
  ])("takes %s for a launch", (line) => {
    assert.strictEqual(rewritten(line), `launch ${line}`)
  })

  it.each([
    "",
    "--help",
    "--version",
    "peers --name x",
    "--mesh home peers",
    "--json name,state peers",
    "-y",
    "--mesh",
    "send ada -- --resume",
    "-- --resume x"
  ])("leaves \"%s\" as it is", (line) => {
    assert.strictEqual(rewritten(line), line)
  })

  it.each([
    ["launch -- -p hi", "launch -- -- -p hi"],
    ["--json launch codex -- a -- b", "--json launch codex -- -- a -- b"],
    ["-c -- -p hi", "launch -c -- -- -p hi"]
  ])("keeps the mark of %s for the verb", (line, words) => {
    assert.strictEqual(rewritten(line), words)
  })
})

describe("splitWords", () => {
  it("tells ours from the agent's", () => {
    assert.deepStrictEqual(splitWords(["codex", "--", "a", "--", "b"]), {
      ours: ["codex"],
      agents: ["a", "--", "b"]
    })
    assert.deepStrictEqual(splitWords(["codex"]), { ours: ["codex"], agents: [] })
  })
})
