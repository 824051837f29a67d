/**
 * Changes one text of a frame, an id or base64url say, so that it looks right and is not.
 *
 * @module
 */
import { type Draw, mutatedText } from "../mutations.ts"
import { oddTexts } from "./hostile_values.ts"
import { pickOne } from "./quick_draw.ts"

type Change = (text: string, draw: Draw) => string

const BASE64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

/** The table of changes. */
const changes: ReadonlyArray<Change> = [
  mutatedText,
  (_, draw) => pickOne(oddTexts, draw),
  (text, draw) => text + pickOne(oddTexts, draw),
  (text, draw) => insert(text, pickOne(oddTexts, draw), draw(text.length + 1)),
  (text) => text.toUpperCase(),
  (text) => text + text,
  (text) => text.slice(0, -1),
  (text) => `${text}=`,
  (text) => text.replaceAll("-", "+").replaceAll("_", "/"),
  (text, draw) => text.slice(0, -1) + BASE64URL.charAt(draw(BASE64URL.length)),
  (text, draw) => swapCharacters(text, draw(text.length + 1), draw(text.length + 1)),
  (text, draw) => withCharacter(text, draw(text.length + 1), lookAlike),
  (text, draw) => withCharacter(text, draw(text.length + 1), () => BASE64URL.charAt(draw(64))),
  (text) => text.split("").toReversed().join("")
]

/** The text after one change. */
export function oddlyChanged(text: string, draw: Draw): string {
  return pickOne(changes, draw)(text, draw)
}

function insert(text: string, piece: string, at: number): string {
  return text.slice(0, at) + piece + text.slice(at)
}

function withCharacter(text: string, at: number, change: (character: string) => string): string {
  return text.slice(0, at) + change(text.charAt(at)) + text.slice(at + 1)
}

function swapCharacters(text: string, one: number, other: number): string {
  return withCharacter(
    withCharacter(text, one, () => text.charAt(other)),
    other,
    () => text.charAt(one)
  )
}

/** A letter of another script that looks the same, or the same letter in its wide form. */
function lookAlike(character: string): string {
  const twins: Readonly<Record<string, string>> = {
    a: "\u0430",
    e: "\u0435",
    o: "\u043e",
    "0": "O"
  }
  return twins[character] ?? String.fromCharCode(character.charCodeAt(0) + 0xfee0)
}
