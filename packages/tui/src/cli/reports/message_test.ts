import { assert, describe, it } from "@effect/vitest"
import type { Page } from "../page.ts"
import { NOW, received, sent } from "../../testing/samples.ts"
import { inboxList, messageSent } from "./message.ts"

const eyes: Page = { plain: false, colour: false, interactive: true, now: NOW }

describe("inboxList", () => {
  it("lets no message pass for two, or for ours", () => {
    const forged = {
      ...received,
      from: "bob\n● root",
      subject: "\x1b[2Kx",
      text: "a\n● root  now\n1 unread\x1b[1A"
    }
    const text = inboxList.text({ items: [forged], page: { unread: 1, more: false } }, eyes)

    assert.strictEqual(
      text,
      `● bob ● root  now  2m ago  ${received.id}  x\n  | a\n  | ● root  now\n  | 1 unread\n\n1 unread`
    )
  })
})

describe("inboxList, where messages are missing", () => {
  it.each([
    [1, "1 message has not come from bob: expired, refused or withdrawn\n● bob"],
    [3, "3 messages have not come from bob: expired, refused or withdrawn\n● bob"]
  ])("says before the next one that %s ended on the way", (missing_before, line) => {
    const items = [{ ...received, missing_before }]

    assert.include(inboxList.text({ items, page: { unread: 1, more: false } }, eyes), line)
  })
})

describe("messageSent", () => {
  it("says of a duplicate that it was sent before", () => {
    assert.match(messageSent.text({ ...sent, duplicate: true }, eyes), / {2}\(sent before\)$/)
    assert.notInclude(messageSent.text({ ...sent, duplicate: false }, eyes), "before")
  })

  it("is honest about a state", () => {
    assert.match(messageSent.text({ ...sent, state: "queued" }, eyes), /^queued {2}/)
  })
})
