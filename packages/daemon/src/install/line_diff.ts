/**
 * Says what is different between two texts, as a unified diff of one hunk.
 *
 * What we change in a file is in one place: all between the first and the last line that differ is in the
 * hunk, so that it is right for any two texts, if not the shortest.
 *
 * @module
 */

/** How many lines are shown around what differs. */
const CONTEXT_LINES = 3

/** The diff; empty where nothing differs. A missing file is an empty text. */
export function lineDiff(path: string, before: string, after: string): string {
  if (before === after) return ""
  const old = linesOf(before)
  const fresh = linesOf(after)
  const head = commonHead(old, fresh)
  const tail = commonTail(old.slice(head), fresh.slice(head))
  const from = Math.max(0, head - CONTEXT_LINES)
  const oldEnd = old.length - tail
  const freshEnd = fresh.length - tail
  const below = old.slice(oldEnd, oldEnd + CONTEXT_LINES)
  return [
    `--- ${path}`,
    `+++ ${path}`,
    `@@ -${range(from, oldEnd + below.length)} +${range(from, freshEnd + below.length)} @@`,
    ...old.slice(from, head).map((line) => ` ${line}`),
    ...old.slice(head, oldEnd).map((line) => `-${line}`),
    ...fresh.slice(head, freshEnd).map((line) => `+${line}`),
    ...below.map((line) => ` ${line}`)
  ].join("\n")
}

/** A last line without a line feed is another line than one with it. */
function linesOf(text: string): ReadonlyArray<string> {
  if (text === "") return []
  const lines = text.split("\n")
  const last = lines.pop() ?? ""
  return last === "" ? lines : [...lines, `${last}\n\\ No newline at end of file`]
}

function commonHead(a: ReadonlyArray<string>, b: ReadonlyArray<string>): number {
  const at = a.findIndex((line, at) => line !== b[at])
  return at === -1 ? a.length : at
}

function commonTail(a: ReadonlyArray<string>, b: ReadonlyArray<string>): number {
  return commonHead(a.toReversed(), b.toReversed())
}

/** Lines `from` (counted from 0) to `to`, as a hunk counts them. */
function range(from: number, to: number): string {
  return to === from ? `${from},0` : `${from + 1},${to - from}`
}
