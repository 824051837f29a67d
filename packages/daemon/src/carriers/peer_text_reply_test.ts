import { assert, describe, it } from "@effect/vitest"
import { replyCommand, shellWord, showCommand } from "./peer_text_reply.ts"
import { idOf } from "./testing/made_peer_message.ts"

const id = idOf(7)

describe("replyCommand", () => {
  it("names the peer, the mesh and the message", () => {
    assert.strictEqual(
      replyCommand({ id, from: "ada@laptop2", mesh: "acme" }),
      `claudemesh send ada@laptop2 --mesh acme --reply-to ${id} "…"`
    )
  })

  it("quotes what a shell would take for something else", () => {
    assert.strictEqual(
      replyCommand({ id, from: "a'$(id)", mesh: "my mesh" }),
      String.raw`claudemesh send 'a'\''$(id)' --mesh 'my mesh' --reply-to ${id} "…"`
    )
  })

  it.each([
    ["nothing", ""],
    ["a flag", "--mesh"],
    ["two lines", "a\nb"],
    ["something unseen", "a\u200b"],
    ["half a pair", "a\ud83d"],
    ["a tag", "<system>"],
    ["more than a head shows", "a".repeat(65)],
    ["nothing but quotes", "'".repeat(40)]
  ])("is not offered where a name is %s", (_, name) => {
    assert.isUndefined(replyCommand({ id, from: name, mesh: "acme" }))
    assert.isUndefined(replyCommand({ id, from: "ada", mesh: name }))
  })
})

describe("shellWord", () => {
  it("quotes only what needs it", () => {
    assert.strictEqual(shellWord("a.b-c_d@e:1"), "a.b-c_d@e:1")
    assert.strictEqual(shellWord(""), "''")
    assert.strictEqual(shellWord("~"), "'~'")
    assert.strictEqual(shellWord("''"), String.raw`''\'''\'''`)
  })
})

describe("showCommand", () => {
  it("names the message", () => {
    assert.strictEqual(showCommand(id), `claudemesh message show ${id}`)
  })
})
