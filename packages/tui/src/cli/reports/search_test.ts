import { assert, describe, it } from "@effect/vitest"
import { NOW, received } from "../../testing/samples.ts"
import { searchList } from "./search.ts"

describe("searchList", () => {
  it("marks a match by its weight where there is colour", () => {
    const page = { plain: false, colour: true, interactive: true, now: NOW }
    const snippet = [{ text: "a ", match: false }, { text: "b\u0007", match: true }]

    assert.include(
      searchList.text({ items: [{ message: received, snippet }] }, page),
      "  | a \u001B[1mb\u2407\u001B[0m"
    )
  })
})
