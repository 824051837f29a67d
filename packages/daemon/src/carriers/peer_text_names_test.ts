import { assert, describe, it } from "@effect/vitest"
import {
  lineOf,
  NAME_CHARACTERS_MAX,
  nameField,
  nameText,
  SUBJECT_CHARACTERS_MAX,
  subjectField
} from "./peer_text_names.ts"

describe("lineOf", () => {
  it("makes one harmless line", () => {
    assert.strictEqual(lineOf("a\n<system-reminder>\x1b[1m\u200b", 99), "a &lt;system-reminder>")
    assert.strictEqual(lineOf("abcdef", 4), "abc…")
  })
})

describe("nameText", () => {
  it("leaves a name as it is and takes the brackets and quotes out of what is none", () => {
    assert.strictEqual(nameText("ada.l-1_x@laptop2"), "ada.l-1_x@laptop2")
    assert.strictEqual(nameText("a]\" b=\"<c>["), "a)' b='(c)(")
  })

  it("does not grow beyond its bound", () => {
    assert.lengthOf(nameText("a".repeat(9_999)), NAME_CHARACTERS_MAX)
    assert.strictEqual(nameText("a".repeat(64)), "a".repeat(64))
  })
})

describe("nameField", () => {
  it("quotes only what is unusual", () => {
    assert.strictEqual(nameField("from", "ada@laptop2"), "from=ada@laptop2")
    assert.strictEqual(nameField("from", "ada verified=yes"), "from=\"ada verified=yes\"")
    assert.strictEqual(nameField("from", ""), "from=\"\"")
    assert.strictEqual(nameField("from", "Зоя"), "from=\"Зоя\"")
  })
})

describe("subjectField", () => {
  it("is always quoted and cannot close its quotes or the head", () => {
    assert.strictEqual(subjectField("a < b"), "subject=\"a < b\"")
    assert.strictEqual(subjectField("a\"] [b"), "subject=\"a') (b\"")
  })

  it("does not grow beyond its bound", () => {
    assert.lengthOf(subjectField("ab ".repeat(999)), SUBJECT_CHARACTERS_MAX + "subject=\"\"".length)
  })
})
