import { assert, describe, it } from "@effect/vitest"
import { NOW, outboxEntry, received, sent } from "../../testing/samples.ts"
import type { Page } from "../page.ts"
import { isOnItsWay, messageStatus } from "./message_status.ts"

const eyes: Page = { plain: false, colour: false, interactive: true, now: NOW }

describe("messageStatus", () => {
  it("gives the reason at the last step", () => {
    const [recipient] = sent.recipients
    assert.isDefined(recipient)
    const steps = [...recipient.steps.slice(0, 2), { state: "rejected" as const, at: NOW }]
    const rejected = {
      ...sent,
      state: "rejected" as const,
      recipients: [{
        ...recipient,
        state: "rejected" as const,
        reason: "undecryptable" as const,
        steps
      }]
    }

    assert.include(
      messageStatus.text(rejected, eyes),
      "rejected (undecryptable)  2026-11-24T06:00:00.000Z  +1m"
    )
  })

  it("says when a message that has not arrived is given up", () => {
    assert.include(
      messageStatus.text({ ...sent, state: "queued", recipients: [] }, eyes),
      "given up  in 7d"
    )
  })

  it("says what a message on its way waits for, and when it is tried next", () => {
    const { waits_for: _, next_attempt_at: __, ...arrived } = outboxEntry

    assert.include(
      messageStatus.text(outboxEntry, eyes),
      "state      queued\nwaits for  its next try in 3s: quota\ngiven up   in 7d"
    )
    assert.notInclude(messageStatus.text(arrived, eyes), "waits for")
  })
})

describe("isOnItsWay", () => {
  it("holds until a message has arrived or ended, and for none that was received", () => {
    assert.isTrue(isOnItsWay({ ...sent, state: "admitted" }))
    assert.isFalse(isOnItsWay(sent))
    assert.isFalse(isOnItsWay({ ...sent, state: "expired" }))
    assert.isFalse(isOnItsWay(received))
  })
})
