import { assert, describe, it } from "@effect/vitest"
import { peerText } from "./peer_text.ts"
import { peerTexts, type SizeMax } from "./peer_text_batch.ts"
import { idOf, madePeerMessage } from "./testing/made_peer_message.ts"
import { readPeerTexts } from "./testing/read_peer_text.ts"

const LARGEST = {
  text: "x".repeat(9_000),
  from: "'".repeat(64),
  mesh: "'".repeat(64),
  to: "$".repeat(64),
  subject: "s".repeat(300),
  reply_to: idOf(99),
  sent_at: 1,
  missing_before: 123_456,
  isVerified: false
}
const messages = Array.from(
  { length: 9 },
  (_, at) => madePeerMessage({ id: idOf(at), text: `Message "${at}"\tä` })
)

describe("peerTexts", () => {
  it("gives every message with a blank line between them", () => {
    const { ids, left, text } = peerTexts(messages, { max: 99_999, unit: "characters" })

    assert.strictEqual(text, messages.map(peerText).join("\n\n"))
    assert.deepStrictEqual(ids, messages.map(({ id }) => id))
    assert.deepStrictEqual(left, [])
  })

  it("says which messages found no room, and leaves them out whole", () => {
    const { ids, left, text } = peerTexts(messages, { max: 1_300, unit: "characters" })

    assert.deepStrictEqual(ids, [idOf(0), idOf(1)])
    assert.deepStrictEqual(left, messages.slice(2).map(({ id }) => id))
    const last = `\n\nNo room here for ${left.slice(0, 3).join(", ")} and 4 more. ` +
      "Read what is left: claudemesh inbox --unread"
    assert.strictEqual(text, messages.slice(0, 2).map(peerText).join("\n\n") + last)
  })

  it.each<SizeMax["unit"]>(["characters", "json_bytes"])("never exceeds its size in %s", (unit) => {
    const counts = new Set<number>()
    for (let max = 0; max <= 7_000; max += 7) {
      const { ids, left, text } = peerTexts(messages, { max, unit })
      const size = unit === "characters"
        ? text.length
        : new TextEncoder().encode(JSON.stringify(text)).length - 2
      counts.add(ids.length)

      assert.isAtMost(size, max)
      assert.deepStrictEqual([...ids, ...left], messages.map(({ id }) => id))
      if (ids.length === 9) assert.lengthOf(readPeerTexts(text), 9)
    }
    assert.deepStrictEqual([...counts], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  })

  it("fits to the character", () => {
    const { length } = messages.map(peerText).join("\n\n")

    assert.lengthOf(peerTexts(messages, { max: length, unit: "characters" }).ids, 9)
    assert.isBelow(peerTexts(messages, { max: length - 1, unit: "characters" }).ids.length, 9)
  })

  it("lets no later message overtake one that is too large", () => {
    const [first, second, third] = [messages[0], madePeerMessage(LARGEST), messages[2]]
    const given = [first, second, third].filter((message) => message !== undefined)

    const { ids } = peerTexts(given, { max: 5_000, unit: "characters" })
    assert.deepStrictEqual(ids, [idOf(0)])
  })

  it("holds the largest message in what a hook may answer", () => {
    const many = Array.from(
      { length: 50 },
      (_, at) => madePeerMessage({ ...LARGEST, id: idOf(at) })
    )

    const { ids, text } = peerTexts(many, { max: 10_000, unit: "characters" })
    assert.deepStrictEqual(ids, [idOf(0)])
    assert.include(text, "and 46 more")
  })

  it("is empty for no message, and without room for a word", () => {
    assert.deepStrictEqual(peerTexts([], { max: 10, unit: "characters" }), {
      text: "",
      ids: [],
      left: []
    })
    assert.strictEqual(peerTexts(messages, { max: 10, unit: "characters" }).text, "")
  })
})
