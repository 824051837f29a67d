import { assert, describe, it } from "@effect/vitest"
import { isBehind, placeFromText, textOfPlace } from "./place.ts"

describe("Place", () => {
  it("is read as it was written down, and nothing else is read", () => {
    const place = { history: "5/16390/7711654634461581734/00000001", lsn: 22_024_784 }

    assert.deepStrictEqual(placeFromText(textOfPlace(place)), place)
    for (const text of [undefined, "", "a run of SQLite", "history -1", "history 1 2"]) {
      assert.isUndefined(placeFromText(text))
    }
  })

  it("is behind what was seen of its own history, and of no other", () => {
    const seen = { history: "one", lsn: 100 }

    assert.isTrue(isBehind({ history: "one", lsn: 99 }, seen))
    assert.isFalse(isBehind({ history: "one", lsn: 100 }, seen))
    assert.isFalse(isBehind({ history: "other", lsn: 1 }, seen))
    assert.isFalse(isBehind({ history: "one", lsn: 1 }, undefined))
  })
})
