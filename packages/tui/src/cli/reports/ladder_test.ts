import type { MessageState } from "@claudemesh/protocol/local_api"
import { assert, describe, it } from "@effect/vitest"
import { NOW, sent } from "../../testing/samples.ts"
import type { Page } from "../page.ts"
import { ladderText, stateWord, sumWord } from "./ladder.ts"

const eyes: Page = { plain: false, colour: false, interactive: true, now: NOW }
const pipe: Page = { ...eyes, plain: true }

/** A message to several, each of them that far. */
function toSeveral(...states: ReadonlyArray<MessageState>) {
  const [recipient] = sent.recipients
  return {
    ...sent,
    state: states[0] ?? sent.state,
    recipients: states.flatMap((state) => recipient ? [{ ...recipient, state }] : [])
  }
}

describe("stateWord", () => {
  it("is the word of the glossary, with check marks from where an agent had it", () => {
    assert.strictEqual(stateWord("inboxed"), "inboxed")
    assert.strictEqual(stateWord("in_context"), "✓✓ in context")
    assert.strictEqual(stateWord("rejected", "undecryptable"), "rejected (undecryptable)")
    assert.strictEqual(stateWord("expired", "expired"), "expired")
  })
})

describe("sumWord", () => {
  it("is the state of the only recipient", () => {
    assert.strictEqual(sumWord(toSeveral("surfaced")), "✓✓ surfaced")
    assert.strictEqual(sumWord({ ...sent, recipients: [] }), "inboxed")
  })

  it("counts with how many of several it has arrived, and what of the others", () => {
    const states = ["inboxed", "answered", "surfaced", "admitted", "expired"] as const
    assert.strictEqual(sumWord(toSeveral(...states)), "inboxed 3 of 5, admitted 1, expired 1")
    assert.strictEqual(sumWord(toSeveral("queued", "queued")), "inboxed 0 of 2, queued 2")
    assert.strictEqual(sumWord(toSeveral("held", "admitted")), "inboxed 1 of 2, admitted 1")
  })
})

describe("ladderText", () => {
  it("has a place for each stage, reached or not yet", () => {
    assert.strictEqual(
      ladderText(sent.recipients, eyes),
      "TO         STATE       AT                        AFTER\n" +
        "bob@tower  queued      2026-11-24T05:59:00.000Z\n" +
        "           admitted    2026-11-24T05:59:00.004Z  +4 ms\n" +
        "           inboxed     2026-11-24T05:59:00.011Z  +11 ms\n" +
        "           surfaced    not reported\n" +
        "           in context  not reported\n" +
        "           answered    not reported"
    )
  })

  it("has no place for what can never follow", () => {
    const [recipient] = sent.recipients
    assert.isDefined(recipient)
    const rejected = {
      ...recipient,
      state: "rejected" as const,
      reason: "undecryptable" as const,
      steps: [...recipient.steps.slice(0, 2), { state: "rejected" as const, at: NOW }]
    }

    const text = ladderText([rejected], eyes)

    assert.include(text, "rejected (undecryptable)  2026-11-24T06:00:00.000Z  +1m")
    assert.notInclude(text, "not yet")
  })

  it("is a row for each step that was reached, for programs", () => {
    assert.strictEqual(
      ladderText(sent.recipients, pipe),
      "bob@tower\tqueued\t2026-11-24T05:59:00.000Z\t\n" +
        "bob@tower\tadmitted\t2026-11-24T05:59:00.004Z\t+4 ms\n" +
        "bob@tower\tinboxed\t2026-11-24T05:59:00.011Z\t+11 ms"
    )
  })
})
