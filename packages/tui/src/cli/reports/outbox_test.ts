import { type OutboxEntry, pageSizes } from "@claudemesh/protocol/local_api"
import { assert, describe, it } from "@effect/vitest"
import { NOW, outboxEntry, sent } from "../../testing/samples.ts"
import type { Page } from "../page.ts"
import { isFailed, outboxChanged, outboxEntry as report, outboxList } from "./outbox.ts"

const eyes: Page = { plain: false, colour: false, interactive: true, now: NOW }
const pipe: Page = { ...eyes, plain: true }

/** The entry once it waits for nothing. */
function over(more: Partial<OutboxEntry>): OutboxEntry {
  const { waits_for: _, next_attempt_at: __, ...entry } = outboxEntry
  return { ...entry, ...more }
}

describe("outboxList", () => {
  it("is a row for each message, and says what has failed and what is left out", () => {
    const text = outboxList.text({ items: [outboxEntry], page: { more: true, failed: 1 } }, eyes)

    assert.strictEqual(
      text,
      "ID                                    STATE   TO   ACCEPTED  RETRIES  WAITS FOR\n" +
        `${sent.id}  queued  bob  1m ago    2        its next try in 3s: quota\n` +
        "There are more: --limit N\n" +
        "1 message ended without arriving: --state rejected, --state expired"
    )
  })

  it("is tab-separated in a pipe, and nothing where there is nothing", () => {
    const page = { more: false, failed: 0 }
    assert.strictEqual(
      outboxList.text({ items: [outboxEntry], page }, pipe),
      `${sent.id}\tqueued\tbob\t2026-11-24T05:59:00.000Z\t2\tits next try in 3s: quota`
    )
    assert.strictEqual(outboxList.text({ items: [], page }, pipe), "")
    assert.strictEqual(outboxList.text({ items: [], page }, eyes), "Nothing is on its way")
  })

  it.each([
    [{ state: "dead" as const }, "Nothing is rejected"],
    [{ state: "any" as const }, "Nothing is in the outbox"],
    [{ mesh: "home" }, "Nothing is on its way in mesh \"home\""],
    [{ state: "expired" as const, mesh: "home" }, "Nothing is expired in mesh \"home\""]
  ])("says of nothing for %o: %s", (asked, words) => {
    const page = { ...asked, more: false, failed: 0 }

    assert.strictEqual(outboxList.text({ items: [], page }, eyes), words)
  })

  it("does not ask for a longer list than there is", () => {
    const items = Array.from({ length: pageSizes.outbox.max }, () => outboxEntry)
    const text = outboxList.text({ items, page: { more: true, failed: 0 } }, eyes)

    assert.notInclude(text, "--limit")
    assert.include(text, "There are older ones, more than one list holds: --state and --mesh")
  })
})

describe("outboxEntry", () => {
  it("says what it waits for, and has the ladder and the words", () => {
    const text = report.text(outboxEntry, eyes)

    assert.include(text, "state      queued\nwaits for  its next try in 3s: quota\n")
    assert.include(text, "retries    2, the last: quota\n")
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

describe("outboxEntry of a message that nobody refused", () => {
  it("says how often it was tried again, and of no refusal", () => {
    const { last_error: _, ...entry } = over({ outbox_state: "delivered", attempts: 1 })

    assert.include(report.text(entry, pipe), "\nretries\t1\n")
    assert.notInclude(report.text({ ...entry, attempts: 0 }, pipe), "retries")
  })
})

describe("isFailed", () => {
  it("holds for what ended without arriving, until another took its place", () => {
    assert.isTrue(isFailed(over({ outbox_state: "dead" })))
    assert.isTrue(isFailed(over({ outbox_state: "expired" })))
    assert.isFalse(isFailed(over({ outbox_state: "dead", superseded_by: sent.id })))
    assert.isFalse(isFailed(over({ outbox_state: "aborted" })))
    assert.isFalse(isFailed(outboxEntry))
  })
})

describe("outboxChanged", () => {
  it("is the id and the state", () => {
    assert.strictEqual(outboxChanged.text(outboxEntry, pipe), `${sent.id}\tqueued`)
    assert.strictEqual(outboxChanged.text(outboxEntry, eyes), `queued  ${sent.id}  to bob`)
  })
})
