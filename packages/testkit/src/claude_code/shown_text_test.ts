import { assert, describe, it } from "@effect/vitest"
import { shownTexts, shows, textsWith } from "./shown_text.ts"

const body = {
  model: "m",
  system: [{ type: "text", text: "You are" }],
  messages: [
    {
      role: "user",
      content: [
        { type: "text", text: "<system-reminder>\nToday\n</system-reminder>" },
        { type: "text", text: "hello" }
      ]
    },
    { role: "assistant", content: [{ type: "tool_use" }] },
    { role: "user", content: [{ type: "tool_result", content: [{ type: "text", text: "hi" }] }] },
    { role: "system", content: "a message came" }
  ]
}

describe("shownTexts", () => {
  it("finds every text with its role, its place and what it is shown as", () => {
    const found = shownTexts({ body }).map(({ as, place, role }) => `${role} ${place} ${as}`)

    assert.deepStrictEqual(found, [
      "system system[0] system_prompt",
      "user messages[0].content[0] system_reminder",
      "user messages[0].content[1] text",
      "user messages[2].content[0] tool_result",
      "system messages[3].content text"
    ])
  })

  it("finds nothing where no message is asked for", () => {
    assert.deepStrictEqual(shownTexts({ body: undefined }), [])
  })
})

describe("textsWith", () => {
  it("says where a text stands", () => {
    assert.deepStrictEqual(textsWith({ body }, "came"), [
      { role: "system", place: "messages[3].content", as: "text", text: "a message came" }
    ])
    assert.isFalse(shows({ body }, "left"))
  })
})
