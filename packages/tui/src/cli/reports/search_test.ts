import { pageSizes } from "@claudemesh/protocol/local_api"
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

  it("does not ask for a longer list than there is", () => {
    const page = { plain: false, colour: false, interactive: true, now: NOW }
    const hit = { message: received, snippet: [] }
    const items = Array.from({ length: pageSizes.search.max }, () => hit)
    const text = searchList.text({ items, page: { more: true } }, page)

    assert.isTrue(text.endsWith("\n\nthere are older ones: more words"))
  })
})
