import { assert, describe, it } from "@effect/vitest"
import { answerOf, textOfQuestion } from "./line_question.ts"

const mesh = {
  title: "Which mesh?",
  choices: [{ value: "home", label: "home" }, { value: "work", label: "work: ours" }],
  otherwise: "work"
}

describe("textOfQuestion", () => {
  it("numbers what may be answered", () => {
    assert.strictEqual(
      textOfQuestion(mesh),
      "Which mesh?\n  1  home\n  2  work: ours  (enter)\nNumber or name: "
    )
  })

  it("shows what an empty answer means", () => {
    assert.strictEqual(textOfQuestion({ title: "Name?", otherwise: "api" }), "Name? [api]: ")
    assert.strictEqual(textOfQuestion({ title: "Link" }), "Link: ")
  })

  it("paints nothing of what a name holds", () => {
    assert.notInclude(textOfQuestion({ title: "A\x1b[2J" }), "\x1b")
  })
})

describe("answerOf", () => {
  it.each([["1", "home"], ["work", "work"], ["", "work"], [" 2 ", "work"], ["9", "9"]])(
    "takes \"%s\" for %s",
    (line, answer) => {
      assert.strictEqual(answerOf(mesh, line), answer)
    }
  )
})
