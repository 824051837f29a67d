/**
 * Breaks the text of a JSON value: cut, spliced, said twice, escaped otherwise, with bits turned, or no JSON at all.
 *
 * @module
 */
import { type Draw, mutatedText } from "../mutations.ts"
import { oddTexts, rawTexts } from "./hostile_values.ts"
import { pickOne } from "./quick_draw.ts"

type Break = (text: string, means: { readonly draw: Draw; readonly other: string }) => string

/** The table of ways. */
const breaks: ReadonlyArray<Break> = [
  (text, { draw }) => mutatedText(text, draw),
  (text, { draw }) => text.slice(0, draw(text.length + 1)),
  (text, { draw }) => text.slice(draw(text.length + 1)),
  (text, { draw, other }) =>
    text.slice(0, draw(text.length + 1)) + other.slice(draw(other.length + 1)),
  (text, { draw }) => atSome(text, draw, { of: /\{("[^"]*"):/, by: "{$1:null,$1:" }),
  (text, { draw }) => atSome(text, draw, { of: /-?\d+/, by: pickOne(rawTexts, draw) }),
  (text, { draw }) => atSome(text, draw, { of: /\w/, by: escaped }),
  (text, { draw }) => atSome(text, draw, { of: /[,:[{]/, by: `$&${" \n\t".repeat(draw(200))}` }),
  (text, { draw }) => withBitTurned(text, draw),
  (text, { draw }) => pickOne(["\ufeff", " ", "\u0000", "1", ")]}'\n"], draw) + text,
  (text, { draw }) => text + pickOne([" ", "\u0000", ",", "}", text, "//"], draw),
  (text) => text.replaceAll("\"", "'"),
  (_, { draw }) => randomText(draw),
  (_, { draw }) => pickOne([...rawTexts, ...oddTexts], draw)
]

/** The text after one break; `other` is another text to take from. */
export function brokenText(
  text: string,
  means: { readonly draw: Draw; readonly other: string }
): string {
  return pickOne(breaks, means.draw)(text, means)
}

interface Replacement {
  readonly of: RegExp
  readonly by: string | ((found: string) => string)
}

/** Replaces one of the places that fit: the first from somewhere on. */
function atSome(text: string, draw: Draw, { by, of }: Replacement): string {
  const from = new RegExp(of, "g")
  from.lastIndex = draw(text.length + 1)
  const found = from.exec(text) ?? of.exec(text)
  if (found === null) return text
  const [piece] = found
  const changed = typeof by === "string" ? piece.replace(of, by) : by(piece)
  return text.slice(0, found.index) + changed + text.slice(found.index + piece.length)
}

/** The character as an escape: the same text to a reader of JSON, another one to whoever compares bytes. */
function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`
}

function withBitTurned(text: string, draw: Draw): string {
  const at = draw(text.length + 1)
  const turned = String.fromCharCode((text.charCodeAt(at) || 0) ^ (1 << draw(16)))
  return text.slice(0, at) + turned + text.slice(at + 1)
}

function randomText(draw: Draw): string {
  const bound = pickOne([128, 256, 65_536], draw)
  return String.fromCharCode(...Array.from({ length: draw(200) }, () => draw(bound)))
}
