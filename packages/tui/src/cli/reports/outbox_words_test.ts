import { type OutboxEntry, OutboxState } from "@claudemesh/protocol/local_api"
import { assert, describe, it } from "@effect/vitest"
import { NOW, offlineMesh, outboxEntry, sent } from "../../testing/samples.ts"
import { outboxWord, typedStates, waitsWord, wholeWord } from "./outbox_words.ts"

/** The entry once it waits for nothing. */
function over(more: Partial<OutboxEntry>): OutboxEntry {
  const { waits_for: _, next_attempt_at: __, ...entry } = outboxEntry
  return { ...entry, ...more }
}

describe("outboxWord", () => {
  it("has the word of the glossary for what the outbox calls by a name of its own", () => {
    assert.deepStrictEqual(OutboxState.literals.map(outboxWord), [
      "queued",
      "sending",
      "admitted",
      "inboxed",
      "rejected",
      "expired",
      "aborted"
    ])
  })
})

describe("typedStates", () => {
  it("understands each word that is shown, and each name that programs are told", () => {
    const words = new Map(typedStates)

    assert.strictEqual(words.size, typedStates.length)
    for (const state of OutboxState.literals) {
      assert.strictEqual(words.get(outboxWord(state)), state)
      assert.strictEqual(words.get(state), state)
    }
  })
})

describe("wholeWord", () => {
  it("says one thing once, and of the recipients what is more", () => {
    const { recipients: [recipient] } = outboxEntry
    assert.isDefined(recipient)
    const rejected = { ...recipient, state: "rejected" as const, reason: "too_large" as const }
    const dead = over({ outbox_state: "dead", state: "rejected", recipients: [rejected] })
    const several = {
      ...outboxEntry,
      recipients: [recipient, { ...recipient, state: "inboxed" as const }]
    }

    assert.strictEqual(wholeWord(outboxEntry), "queued")
    assert.strictEqual(wholeWord({ ...outboxEntry, outbox_state: "sending" }), "sending: queued")
    assert.strictEqual(wholeWord(dead), "rejected (too_large)")
    assert.strictEqual(wholeWord(several), "queued: inboxed 1 of 2, queued 1")
  })
})

describe("waitsWord", () => {
  it.each<[Partial<OutboxEntry>, string]>([
    [{ waits_for: "link", link: offlineMesh.link }, "the broker: offline since 1m"],
    [{ waits_for: "earlier", behind: sent.id }, `${sent.id}, before it`],
    [{ waits_for: "retry" }, "its next try in 3s: quota"],
    [{ waits_for: "turn" }, "its turn"],
    [{ waits_for: "broker" }, "the broker's answer"],
    [{ waits_for: "recipient" }, "the recipient's machine"]
  ])("says of %o: %s", (more, word) => {
    assert.strictEqual(waitsWord({ ...outboxEntry, ...more }, NOW), word)
  })

  it("names no refusal where there was none", () => {
    const { last_error: _, ...entry } = outboxEntry

    assert.strictEqual(waitsWord(entry, NOW), "its next try in 3s")
  })

  it("says how it ended", () => {
    assert.strictEqual(waitsWord(over({ reason: "too_large" }), NOW), "too_large")
    assert.strictEqual(
      waitsWord(over({ superseded_by: sent.id, reason: "expired" }), NOW),
      `sent again as ${sent.id}`
    )
    assert.strictEqual(waitsWord(over({}), NOW), "")
  })
})
