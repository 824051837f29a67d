import { assert, describe, it } from "@effect/vitest"
import { peerText } from "./peer_text.ts"
import { peerTexts } from "./peer_text_batch.ts"
import { messageIdsIn } from "./peer_text_evidence.ts"
import { idOf, madePeerMessage } from "./testing/made_peer_message.ts"

const one = peerText(madePeerMessage({ id: idOf(1), text: "a\n\nb" }))
const two = peerText(madePeerMessage({ id: idOf(2), subject: "x", from: "a b" }))
const both = new Set([idOf(1), idOf(2)])

describe("messageIdsIn", () => {
  it("finds every whole message in what a client hands back, in its order and once", () => {
    const wrapped =
      `<cross-session-message from="uds:x">\n${two}\n\n${one}\n${one}\n</cross-session-message>`

    assert.deepStrictEqual(messageIdsIn(wrapped, both), [idOf(2), idOf(1)])
    assert.deepStrictEqual(messageIdsIn(one.replaceAll("\n", "\r\n"), both), [idOf(1)])
  })

  it("finds what a post of several holds, and nothing of what it only names", () => {
    const messages = [1, 2, 3].map((number) => madePeerMessage({ id: idOf(number) }))
    const { ids, text } = peerTexts(messages, { max: 900, unit: "characters" })

    assert.deepStrictEqual(ids, [idOf(1)])
    assert.include(text, idOf(3))
    assert.deepStrictEqual(messageIdsIn(text, new Set([...both, idOf(3)])), ids)
  })

  it("finds only candidates", () => {
    assert.deepStrictEqual(messageIdsIn(`${one}\n${two}`, new Set([idOf(2)])), [idOf(2)])
    assert.deepStrictEqual(messageIdsIn(one, new Set()), [])
  })

  it("finds nothing in what a body quotes, however often", () => {
    const quoting = peerText(madePeerMessage({ id: idOf(3), text: one }))
    const again = peerText(madePeerMessage({ id: idOf(4), text: `x\n${quoting}\n${two}` }))

    assert.deepStrictEqual(messageIdsIn(quoting, both), [])
    assert.deepStrictEqual(messageIdsIn(again, new Set([...both, idOf(3)])), [])
  })

  it.each([
    ["a head alone", one.split("\n")[0] ?? ""],
    ["a message without its end", one.split("\n").slice(0, -1).join("\n")],
    ["a message without its preamble", one.split("\n").toSpliced(1, 1).join("\n")],
    [
      "a message without a body",
      one.split("\n").filter((line) => !line.startsWith("|")).join("\n")
    ],
    ["an indented message", one.replaceAll(/^/gm, "  ")],
    [
      "the head of one and the end of another",
      `${one.split("\n[/")[0]}\n[/${two.split("\n[/")[1]}`
    ],
    ["an id", idOf(1)]
  ])("takes %s for no evidence", (_, text) => {
    assert.include(text, "0199f3a2")
    assert.deepStrictEqual(messageIdsIn(text, both), [])
  })
})
