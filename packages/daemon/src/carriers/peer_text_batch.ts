/**
 * Several messages as one text of a bounded size, for a carrier that takes one post at a time.
 *
 * @module
 */
import type { MessageId } from "@claudemesh/protocol"
import { type PeerMessage, peerText } from "./peer_text.ts"

/** Of the messages that found no room, so many are named. */
const NAMED_MAX = 3

/** How large a text may be: as characters (UTF-16 units), or as bytes once it is a string of JSON. */
export interface SizeMax {
  readonly max: number
  readonly unit: "characters" | "json_bytes"
}

/** The text, and which messages are in it. */
export interface PeerTexts {
  readonly text: string
  /** In the order they were given; always the first ones. */
  readonly ids: ReadonlyArray<MessageId>
  /** Those that found no room. */
  readonly left: ReadonlyArray<MessageId>
}

/**
 * The messages in their order until one finds no room; a last line says what was left. No message overtakes
 * another, and none is shortened beyond what `peerText` does: 10,000 characters always hold at least one.
 * Without room for even the last line, the text is empty.
 */
export function peerTexts(messages: ReadonlyArray<PeerMessage>, size: SizeMax): PeerTexts {
  const parts: Array<string> = []
  let used = 0
  for (const [at, message] of messages.entries()) {
    const part = at === 0 ? peerText(message) : `\n\n${peerText(message)}`
    const last = leftLine(messages.slice(at + 1))
    const needed = used + sizeOf(part, size.unit)
    if (needed + sizeOf(last, size.unit) > size.max) break
    parts.push(part)
    used = needed
  }
  const left = messages.slice(parts.length)
  const line = leftLine(left)
  const fits = used + sizeOf(line, size.unit) <= size.max
  return {
    text: [...parts, fits ? line : ""].join("").trimStart(),
    ids: messages.slice(0, parts.length).map(({ id }) => id),
    left: left.map(({ id }) => id)
  }
}

function leftLine(left: ReadonlyArray<PeerMessage>): string {
  if (left.length === 0) return ""
  const named = left.slice(0, NAMED_MAX).map(({ id }) => id).join(", ")
  const more = left.length > NAMED_MAX ? ` and ${left.length - NAMED_MAX} more` : ""
  return `\n\nNo room here for ${named}${more}. Read what is left: claudemesh inbox --unread`
}

/** What the text adds to a post. It holds no control character but line feed and tab. */
function sizeOf(text: string, unit: SizeMax["unit"]): number {
  if (unit === "characters") return text.length
  const escapes = text.match(/["\\\n\t]/g)?.length ?? 0
  return new TextEncoder().encode(text).length + escapes
}
