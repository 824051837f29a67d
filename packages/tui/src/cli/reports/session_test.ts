import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { heldMessage, session } from "../../testing/samples.ts"
import { heldDecided, heldList, sessionList, sessionRevised } from "./session.ts"

const page = {
  plain: false,
  interactive: true,
  colour: false,
  columns: 120,
  now: heldMessage.since
}

describe("sessionList", () => {
  it("names each agent with what it does, by what messages reach it, and where it works", () => {
    const text = sessionList.text({ items: [session] }, page)

    for (const word of ["api", "working", "push", "socket", "/src/api"]) assert.include(text, word)
  })
})

describe("sessionRevised", () => {
  it("says what holds now", () => {
    assert.strictEqual(sessionRevised.text(session, page), "api: push, working")
  })
})

describe("heldList", () => {
  it("explains to a person each reason there is", () => {
    const reasons = ["unknown_sender", "loop", "client_hold", "client_refuse"] as const
    const texts = reasons.map((because) =>
      heldList.text({ items: [{ ...heldMessage, because }] }, page)
    )

    assert.strictEqual(new Set(texts).size, reasons.length)
    for (const text of texts) assert.include(text, "  | ")
  })

  it.effect("tells programs the reason by its name, with the message and the session", () =>
    Effect.gen(function*() {
      const answer = yield* heldList.json({ items: [heldMessage] })

      assert.isTrue("items" in answer)
      if (!("items" in answer)) return
      assert.deepInclude(answer.items[0], { because: "unknown_sender", session: session.id })
    }))
})

describe("heldDecided", () => {
  it("says what becomes of them", () => {
    assert.include(heldDecided.text({ changed: 2, decision: "accepted" }, page), "shown them now")
    assert.include(heldDecided.text({ changed: 2, decision: "dropped" }, page), "stay in the inbox")
  })
})
