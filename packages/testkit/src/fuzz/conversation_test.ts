import { assert, describe, it } from "@effect/vitest"
import { mutatedConversation } from "./conversation.ts"
import { quickDraw } from "./quick_draw.ts"

const frames = Array.from({ length: 8 }, (_, at) => ({ type: "ping", t: at }))
const texts = frames.map((frame) => JSON.stringify(frame))
const recorded = ["{\"type\":\"attach\"}"]

function said(number: number, count = 1) {
  return mutatedConversation(frames, { draw: quickDraw("said", number), count, recorded })
}

describe("mutatedConversation", () => {
  const rows = Array.from({ length: 400 }, (_, number) => said(number))

  it("goes wrong in the same way for the same number, and not at all if nothing is to", () => {
    assert.deepStrictEqual(said(7, 3), said(7, 3))
    assert.deepStrictEqual(said(7, 0), texts)
    assert.deepStrictEqual(
      mutatedConversation([], { draw: quickDraw("a", 0), count: 3, recorded }),
      []
    )
  })

  it.each<readonly [string, (row: ReadonlyArray<string>) => boolean]>([
    ["loses a frame", (row) => row.length === 7],
    ["says a frame twice", (row) => row.length === 9 && new Set(row).size === 8],
    [
      "says frames in another order",
      (row) =>
        row.length === 8 && row.toSorted().join() === texts.join() && row.join() !== texts.join()
    ],
    ["says what was said elsewhere", (row) => row.includes(recorded[0] ?? "")],
    [
      "breaks a frame and leaves the others",
      (row) => row.length === 8 && row.filter((text) => texts.includes(text)).length === 7
    ]
  ])("%s", (_, holds) => {
    assert.isTrue(rows.some(holds))
  })
})
