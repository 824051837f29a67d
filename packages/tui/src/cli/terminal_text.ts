/**
 * Makes text of other people safe to print: it can say anything and paint nothing.
 *
 * Whole escape sequences are taken out, as programs put them into what they quote. What is left of
 * control characters, text direction and invisible characters is shown by its name, because what a
 * reader cannot see must not be there unnoticed. Time is linear in the length.
 *
 * @module
 */
import { ESCAPE_SEQUENCES, gluedIn, UNSEEN } from "@claudemesh/protocol/unseen"

/** Text of several lines: keeps line feeds and tabs. */
export function safeText(text: string): string {
  const lines = text.replace(ESCAPE_SEQUENCES, "").replaceAll("\r\n", "\n")
  const glued = gluedIn(lines)
  return lines.replace(
    UNSEEN,
    (character, at: number) => glued.has(at) ? character : shown(character)
  )
}

/** Text of one line, such as a name or a subject: whatever breaks a line or a column is a space. */
export function safeLine(text: string): string {
  return safeText(text).replace(/[\n\t]+/g, " ")
}

/** A body as a block in which each line is marked, so that no line of it passes for one of ours. */
export function quoted(text: string): string {
  return safeText(text).split("\n").map((line) => `  | ${line}`).join("\n")
}

/** At most so many bytes of UTF-8, cut between characters; nothing cut, nothing said. */
export function cut(
  text: string,
  bytesMax: number
): { readonly text: string; readonly cut: boolean } {
  const bytes = new TextEncoder().encode(text)
  if (bytes.length <= bytesMax) return { text, cut: false }
  const head = new TextDecoder().decode(bytes.subarray(0, bytesMax), { stream: true })
  return { text: head, cut: true }
}

/** JSON text in which what `safeText` would show by name is escaped: it reads back the same. */
export function safeJson(json: string): string {
  return json.replace(UNSEEN, (character) => character === "\n" ? character : escaped(character))
}

function shown(character: string): string {
  if (character === "\n" || character === "\t") return character
  const code = character.codePointAt(0) ?? 0
  if (code < 0x20) return String.fromCodePoint(0x2400 + code)
  return `<U+${code.toString(16).toUpperCase().padStart(4, "0")}>`
}

function escaped(character: string): string {
  return [...Array(character.length).keys()]
    .map((at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, "0")}`)
    .join("")
}
