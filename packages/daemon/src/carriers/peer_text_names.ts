/**
 * Names and subjects of peers as fields of a head: one line, short, and unable to end the field or the head.
 *
 * @module
 */
import { cutLine } from "./peer_text_cut.ts"
import { seenLine } from "./peer_text_seen.ts"
import { neutralised } from "./peer_text_tags.ts"

/** Characters shown of the name of a peer, a mesh or a session. */
export const NAME_CHARACTERS_MAX = 64

/** Characters shown of a subject. */
export const SUBJECT_CHARACTERS_MAX = 200

/** A text of a peer as one harmless line of at most so many characters. */
export function lineOf(text: string, charactersMax: number): string {
  return cutLine(neutralised(seenLine(text)), charactersMax)
}

/** A name without any quote or bracket: safe in a head, and as an attribute in double quotes. */
export function nameText(name: string): string {
  return lineOf(
    name.replace(/["“”„‟＂]/gu, "'").replace(/[[<]/g, "(").replace(/[\]>]/g, ")"),
    NAME_CHARACTERS_MAX
  )
}

/** `key=name`; a name with anything unusual in it stands in quotes, which it cannot close. */
export function nameField(key: string, name: string): string {
  return `${key}=${quotedUnlessPlain(nameText(name))}`
}

/** `subject="…"`. */
export function subjectField(subject: string): string {
  const line = lineOf(subject, SUBJECT_CHARACTERS_MAX)
  return `subject="${line.replaceAll("\"", "'").replaceAll("[", "(").replaceAll("]", ")")}"`
}

function quotedUnlessPlain(name: string): string {
  return /^[A-Za-z0-9._@:+-]+$/.test(name) ? name : `"${name}"`
}
