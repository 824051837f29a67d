import { assert, describe, it } from "@effect/vitest"
import { GOOD, told } from "../testing/told.ts"
import { acceptances, lastShown, leftAt, messagesOf, shown, wereClocksSet } from "./messages.ts"

describe("messagesOf", () => {
  it("keeps the order of acceptance, and what a message said first", () => {
    const history = [
      told("accepted", 1),
      told("accepted", 2, { id: "2" }),
      told("accepted", 3, { text: "other words" })
    ]
    assert.deepStrictEqual(
      [...messagesOf(history).values()].map(({ accepted: { id, text } }) => [id, text]),
      [["1", "hello"], ["2", "hello"]]
    )
  })

  it("takes the same id of two senders for two messages", () => {
    assert.lengthOf(messagesOf([...GOOD, told("accepted", 9, { sender: "c" })]), 2)
  })
})

it("tells what is shown last, who left when, and whether a clock was set", () => {
  const history = [...GOOD, told("left", 7), told("clock_set", 8)]
  assert.deepStrictEqual([...lastShown(history).values()].map(({ state }) => state), ["inboxed"])
  assert.deepStrictEqual([...leftAt(history)], [["mesh/b", 7]])
  assert.isTrue(wereClocksSet(history))
  assert.isFalse(wereClocksSet(GOOD))
})

it("names a message by its id and its sender", () => {
  const [message] = messagesOf(GOOD).values()
  assert.isDefined(message)
  assert.strictEqual(shown(message), "message 1 of a")
})

it("knows all that was accepted under one name", () => {
  const again = told("accepted", 9, { text: "other words" })
  const [known = []] = acceptances([...GOOD, again]).values()
  assert.deepStrictEqual(known.map(({ text }) => text), ["hello", "other words"])
})
