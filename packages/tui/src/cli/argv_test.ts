import { assert, describe, it } from "@effect/vitest"
import { readArgv, refusedFields } from "./argv.ts"
import { claudemesh } from "./verbs/mod.ts"

function read(line: string) {
  return readArgv(claudemesh, line.split(" "))
}

describe("readArgv", () => {
  it.each([
    ["peers --json name,state", "peers --json=name,state"],
    ["peers --json name --all", "peers --json=name --all"],
    ["--json name peers", "--json=name peers"],
    ["--mesh send peers --json name", "--mesh send peers --json=name"],
    ["mesh list --json name,current", "mesh list --json=name,current"],
    ["--json name mesh list", "--json=name mesh list"]
  ])("joins the names of fields in %s", (line, joined) => {
    assert.strictEqual(read(line).argv.join(" "), joined)
  })

  it.each([
    "peers --json",
    "peers --json=name",
    "--json peers",
    "inbox --json mark-read",
    "mesh --json lst",
    "send ada --json hello",
    "send ada --json -",
    "send ada --subject hi --json hello",
    "send --json ada hello you",
    "search --json word",
    "send ada -- --json to",
    "status --json --mesh home"
  ])("leaves %s as it is", (line) => {
    assert.strictEqual(read(line).argv.join(" "), line)
  })

  it.each([
    ["peers --json nme", "peers --json=nme"],
    ["--json nme peers", "--json=nme peers"],
    ["inbox --from ada --json nme", "inbox --from ada --json=nme"],
    ["message show 019a00 --json nme", "message show 019a00 --json=nme"],
    ["send ada hello --json nme", "send ada hello --json=nme"],
    ["send ada - --json nme", "send ada - --json=nme"],
    ["search word --json nme", "search word --json=nme"],
    ["send --json id,colour ada hello", "send --json=id,colour ada hello"]
  ])("takes what can be no argument for a mistyped field in %s", (line, joined) => {
    assert.strictEqual(read(line).argv.join(" "), joined)
    assert.isDefined(refusedFields(read(line)))
  })

  it.each([
    ["peers", undefined],
    ["peers --json", "all"],
    ["peers --json=?", "names"],
    ["peers --json name,state", ["name", "state"]],
    ["peers --json=name --json=state", ["state"]],
    ["send ada -- --json", undefined]
  ])("knows what JSON is asked for in %s", (line, fields) => {
    assert.deepStrictEqual<unknown>(read(line).json?.fields, fields)
  })

  it.each([
    ["peers --all", "claudemesh peers"],
    ["--log-level debug mesh list", "claudemesh mesh list"],
    ["send peers hello", "claudemesh send"],
    ["nonsense", "claudemesh"]
  ])("finds the verb of %s", (line, path) => {
    assert.strictEqual(read(line).path.join(" "), path)
  })
})

describe("refusedFields", () => {
  it("names what the verb does not report, and what it does", () => {
    const { candidates, message } = refusedFields(read("peers --json=name,colour")) ?? {}
    assert.strictEqual(message, "Cannot choose the fields \"colour\": claudemesh peers has no such")
    assert.include(candidates ?? [], "state")
  })

  it.each(["peers", "peers --json", "peers --json=?", "peers --json=name"])(
    "has nothing against %s",
    (line) => {
      assert.isUndefined(refusedFields(read(line)))
    }
  )

  it("takes no name for a name", () => {
    assert.isDefined(refusedFields(read("peers --json=")))
  })
})
