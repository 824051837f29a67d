/**
 * The report of how far one message is: with each device, and what it waits for.
 *
 * @module
 */
import type { OutboxEntry, ReceivedMessage, SentMessage } from "@claudemesh/protocol/local_api"
import { Schema } from "effect"
import { type Page, pairs } from "../page.ts"
import { itemReport } from "../report.ts"
import { until } from "../times.ts"
import { ladderText, sumWord } from "./ladder.ts"
import { Message, messageDetail } from "./message.ts"
import { Shown } from "./outbox.ts"
import { waitsWord } from "./outbox_words.ts"

/** A message, with what it waits for where it is still on its way. */
export type MessageProgress = SentMessage | ReceivedMessage | OutboxEntry

/** Whether it is a sent message that has not arrived and may still. */
export function isOnItsWay(message: MessageProgress): message is SentMessage {
  return message.direction === "sent" &&
    (message.state === "queued" || message.state === "admitted")
}

/** `message.status`: how far a sent message is with each device. */
export const messageStatus = itemReport<MessageProgress>({
  kind: "message.status",
  schema: Schema.Union([Shown, Message]),
  fields: [...new Set([...messageDetail.fields, ...Object.keys(Shown.fields)])],
  text: textOfProgress
})

function textOfProgress(message: MessageProgress, page: Page): string {
  if (message.direction === "received") {
    return pairs(page, [
      ["message", message.id],
      ["from", message.from],
      ["state", message.read ? "received, read" : "received, unread"]
    ])
  }
  const ladder = ladderText(message.recipients, page)
  if (page.plain) return ladder
  const facts = pairs(page, [
    ["message", message.id],
    ["to", message.to],
    ["state", sumWord(message)],
    ["waits for", "waits_for" in message ? waitsWord(message, page.now) : undefined],
    ["given up", isOnItsWay(message) ? until(page.now, message.expires_at) : undefined],
    ["sent again as", message.superseded_by],
    ["sent in place of", message.supersedes]
  ])
  return ladder === "" ? facts : `${facts}\n\n${ladder}`
}
