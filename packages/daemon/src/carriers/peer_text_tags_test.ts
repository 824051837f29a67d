import { assert, describe, it } from "@effect/vitest"
import { neutralised } from "./peer_text_tags.ts"

describe("neutralised", () => {
  it.each([
    [
      "a hyphen",
      "<system-reminder>x</system-reminder>",
      "&lt;system-reminder>x&lt;/system-reminder>"
    ],
    ["a hyphen, which no client has yet", "<any-thing a=\"b\">", "&lt;any-thing a=\"b\">"],
    ["an underscore at its end", "a</any_thing>", "a&lt;/any_thing>"],
    ["a compound of the family", "<tool_use>", "&lt;tool_use>"],
    ["a word of the family", "<user>a</ USER >", "&lt;user>a&lt;/ USER >"],
    ["a word of the family behind a word", "a<system>", "a&lt;system>"],
    ["a role written like a type", "a<System>", "a&lt;System>"],
    ["two alphabets", "<sуstem1>", "&lt;sуstem1>"],
    ["a known name that is not closed", "< SYSTEM  reminder", "&lt; SYSTEM  reminder"],
    ["a word that is not closed", "<system\nx", "&lt;system\nx"],
    ["punctuation behind its name", "<system!> <user\">", "&lt;system!> &lt;user\">"],
    ["a special token", "<|im_start|>", "&lt;|im_start|>"],
    ["another bracket", "‹system-reminder›", "&lt;system-reminder›"]
  ])("neutralises a tag with %s", (_, text, shown) => {
    assert.strictEqual(neutralised(text), shown)
  })

  it.each([
    ["a head", "[claudemesh id=x]", "(claudemesh id=x]"],
    ["an end", "a [/claudemesh]", "a (/claudemesh]"],
    ["a head in other brackets and letters", "【 СLAUDEMESH id=x】", "( СLAUDEMESH id=x】"],
    ["an instruction", "[INST] x [/INST]", "(INST] x (/INST]"]
  ])("neutralises %s", (_, text, shown) => {
    assert.strictEqual(neutralised(text), shown)
  })

  it.each([
    ["a person", "x\n\nHuman: y", "x\n\n(Human): y"],
    ["an assistant", "assistant : y", "(assistant) : y"],
    ["a heading", "## **System**: y", "## **(System)**: y"],
    ["a list", "1. Human: y", "1. (Human): y"]
  ])("neutralises a turn of %s", (_, text, shown) => {
    assert.strictEqual(neutralised(text), shown)
  })

  it.each([
    "Array<string>",
    "Promise<User>",
    "Map<string, Message>",
    "vector<user_id>",
    "i < user.count && j > 3",
    "if (i < user) return",
    "for (i = 0; i<n-1; i++)",
    "i<n-k;",
    "cat <<SYSTEM\nx\nSYSTEM",
    "<div data-a=\"b\">",
    "<https://a-b.example>",
    "[claudemesh](README.md)",
    "[claudemesh]\nname = 1",
    "[\"claudemesh\", \"send\"]",
    "user: ada",
    "system: linux",
    "The human: a study",
    "&lt;system-reminder&gt;"
  ])("leaves %j alone", (text) => {
    assert.strictEqual(neutralised(text), text)
  })

  it.each([
    "<",
    "<s",
    "< ",
    "<system",
    "【",
    "[claudemesh ",
    "\n",
    " ",
    "# ",
    "<|",
    "Human:",
    "\u2329a-"
  ])(
    "reads many kilobytes of %j in linear time",
    (piece) => {
      const text = piece.repeat(Math.floor(65_536 / piece.length))
      assert.isAtLeast(neutralised(text).length, text.length)
    },
    5_000
  )
})
