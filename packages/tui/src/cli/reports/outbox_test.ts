import type { OutboxEntry } from "@claudemesh/protocol/local_api"
import { assert, describe, it } from "@effect/vitest"
import { NOW, offlineMesh, outboxEntry, sent } from "../../testing/samples.ts"
import type { Page } from "../page.ts"
import { outboxChanged, outboxEntry as report, outboxList, waitsWord } from "./outbox.ts"

const eyes: Page = { plain: false, colour: false, interactive: true, now: NOW }
const pipe: Page = { ...eyes, plain: true }

/** The entry once it waits for nothing. */
function over(more: Partial<OutboxEntry>): OutboxEntry {
  const { waits_for: _, next_attempt_at: __, ...entry } = outboxEntry
  return { ...entry, ...more }
}

describe("waitsWord", () => {
  it.each<[Partial<OutboxEntry>, string]>([
    [{ waits_for: "link", link: offlineMesh.link }, "the broker: offline since 1m"],
    [{ waits_for: "earlier", behind: sent.id }, `${sent.id}, before it`],
    [{ waits_for: "retry" }, "its next attempt in 3s: quota"],
    [{ waits_for: "turn" }, "its turn"],
    [{ waits_for: "broker" }, "the broker's answer"],
    [{ waits_for: "recipient" }, "the recipient's machine"]
  ])("says of %o: %s", (more, word) => {
    assert.strictEqual(waitsWord({ ...outboxEntry, ...more }, NOW), word)
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

describe("outboxList", () => {
  it("is a row for each message, and says what has failed and what is left out", () => {
    const text = outboxList.text({ items: [outboxEntry], page: { more: true, failed: 1 } }, eyes)

    assert.strictEqual(
      text,
      "ID                                    STATE    TO   ACCEPTED  TRIES  WAITS FOR\n" +
        `${sent.id}  pending  bob  1m ago    2      its next attempt in 3s: quota\n` +
        "There are more: --limit N\n" +
        "1 message ended without arriving: --state dead, --state expired"
    )
  })

  it("is tab-separated in a pipe, and nothing where there is nothing", () => {
    const page = { more: false, failed: 0 }
    assert.strictEqual(
      outboxList.text({ items: [outboxEntry], page }, pipe),
      `${sent.id}\tpending\tbob\t2026-11-24T05:59:00.000Z\t2\tits next attempt in 3s: quota`
    )
    assert.strictEqual(outboxList.text({ items: [], page }, pipe), "")
    assert.strictEqual(outboxList.text({ items: [], page }, eyes), "Nothing is on its way")
  })
})

describe("outboxEntry", () => {
  it("says what it waits for, and has the ladder and the words", () => {
    const text = report.text(outboxEntry, eyes)

    assert.include(text, "state      pending: queued\nwaits for  its next attempt in 3s: quota\n")
    assert.include(text, "tries      2, the last: quota\n")
    assert.include(text, "given up   in 7d")
    assert.include(
      text,
      "bob@tower  queued      2026-11-24T05:59:00.000Z\n           admitted    not yet\n"
    )
    assert.isTrue(text.endsWith("\n  | tests pass"))
  })

  it("says of an ended one why, and what took its place", () => {
    const text = report.text(over({ outbox_state: "dead", reason: "too_large" }), pipe)

    assert.include(text, "because\ttoo_large\n")
    assert.notInclude(text, "waits for")
  })
})

describe("outboxChanged", () => {
  it("is the id and the state", () => {
    assert.strictEqual(outboxChanged.text(outboxEntry, pipe), `${sent.id}\tpending`)
    assert.strictEqual(outboxChanged.text(outboxEntry, eyes), `pending  ${sent.id}  to bob`)
  })
})
