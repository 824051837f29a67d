import { layerSeededRandom } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { makeMarks } from "./search_marks.ts"

describe("makeMarks", () => {
  it.effect("takes marked text apart, and leaves none of the marks", () =>
    Effect.gen(function*() {
      const { close, open, parts } = yield* makeMarks

      assert.deepStrictEqual(parts(`the ${open}disk${close} is ${open}full${close}`), [
        { text: "the ", match: false },
        { text: "disk", match: true },
        { text: " is ", match: false },
        { text: "full", match: true }
      ])
      assert.deepStrictEqual(parts("nothing"), [{ text: "nothing", match: false }])
      assert.deepStrictEqual(parts(""), [])
    }).pipe(Effect.provide(layerSeededRandom("marks"))))

  it.effect("makes others in each run", () =>
    Effect.gen(function*() {
      const { open } = yield* makeMarks

      assert.notStrictEqual((yield* makeMarks).open, open)
    }).pipe(Effect.provide(layerSeededRandom("marks"))))
})
