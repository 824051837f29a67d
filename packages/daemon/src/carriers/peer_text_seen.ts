/**
 * Takes out of a peer's text what a reader can't see: what is left is what a terminal or a model is shown.
 *
 * Whole escape sequences go first, then every control, format, bidi, zero-width, tag and selector character
 * that is left. They are taken out and counted, and not shown by name as on a terminal: a name in the middle
 * of a word would hide it from the rules for tags, and hidden words would come back in full. Kept are line
 * feeds, tabs, and the joiner and the selector inside an emoji. Whatever else begins a line is a line feed.
 * Time is linear in the length.
 *
 * @module
 */
import { ESCAPE_SEQUENCES, gluedIn, UNSEEN } from "@claudemesh/protocol/unseen"

/** What begins a line somewhere: carriage return, vertical tab, form feed, NEL, line and paragraph separator. */
const LINE_BREAKS = /\r\n|[\r\v\f\u0085\u2028\u2029]/gu

/** The filler of Braille, which looks like a space and is none. */
const BRAILLE_BLANK = /\u2800/gu

/** Text without what can't be seen, and how much that was: sequences and characters. */
export interface Seen {
  readonly text: string
  readonly removed: number
}

/** What is to be seen of a text of several lines; halves of surrogate pairs are U+FFFD. */
export function seenText(raw: string): Seen {
  let removed = 0
  const lines = raw.toWellFormed().replace(ESCAPE_SEQUENCES, taken).replace(LINE_BREAKS, "\n")
    .replace(BRAILLE_BLANK, " ")
  const glued = gluedIn(lines)
  const text = lines.replace(UNSEEN, (character, at: number) => {
    const isKept = character === "\n" || character === "\t" || glued.has(at)
    return isKept ? character : taken()
  })
  return { text, removed }

  function taken(): string {
    removed += 1
    return ""
  }
}

/** The same as one line: whatever breaks a line or a column is one space. */
export function seenLine(raw: string): string {
  return seenText(raw).text.replace(/\s+/gu, " ").trim()
}
