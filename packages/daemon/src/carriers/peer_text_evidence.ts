/**
 * Finds the messages that a text holds whole: what a client hands back is evidence that it took them.
 *
 * @module
 */
import type { MessageId } from "@claudemesh/protocol"
import { LINE_MARK, PREAMBLE } from "./peer_text.ts"

const HEAD = /^\[claudemesh id=([0-9a-f-]{36}) from=.* mesh=.* to=.* priority=\w+.*\]$/u
const END = /^\[\/claudemesh id=([0-9a-f-]{36})\] End of the peer's words\. /u

/**
 * The ids among the candidates that have their head, preamble, body and end in a text, in its order. What a
 * body quotes is no evidence: its lines are marked, and a marked line is never a head. A head alone, such
 * as a person may paste, is none either.
 */
export function messageIdsIn(
  text: string,
  candidates: ReadonlySet<MessageId>
): ReadonlyArray<MessageId> {
  const byText = new Map<string, MessageId>([...candidates].map((id) => [id, id]))
  const found = blockIds(text.split(/\r?\n/)).map((id) => byText.get(id))
  return [...new Set(found)].filter((id) => id !== undefined)
}

/** The ids of the whole blocks, candidates or not. */
function blockIds(lines: ReadonlyArray<string>): ReadonlyArray<string> {
  const ids: Array<string> = []
  let open: string | undefined
  for (const [at, line] of lines.entries()) {
    if (line.startsWith(LINE_MARK)) continue
    const head = HEAD.exec(line)?.[1]
    if (head !== undefined) open = isBegun(lines, at) ? head : undefined
    const end = END.exec(line)?.[1]
    if (end === undefined) continue
    if (end === open) ids.push(end)
    open = undefined
  }
  return ids
}

/** Whether the preamble and a marked line follow a head. */
function isBegun(lines: ReadonlyArray<string>, at: number): boolean {
  return lines[at + 1] === PREAMBLE && lines[at + 2]?.startsWith(LINE_MARK) === true
}
