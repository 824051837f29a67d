/**
 * The commands that a head offers, quoted so that a shell reads back what was meant.
 *
 * @module
 */
import type { MessageId } from "@claudemesh/protocol"
import { lineOf, NAME_CHARACTERS_MAX } from "./peer_text_names.ts"

/** Whom to answer, in which mesh, and what. */
export interface Answered {
  readonly id: MessageId
  readonly from: string
  readonly mesh: string
}

/**
 * The command that answers a message. Nothing if a name in it could not be typed as it is: with something
 * unseen or dangerous in it, too long once quoted, or one that a parser would take for a flag.
 */
export function replyCommand({ from, id, mesh }: Answered): string | undefined {
  if (!isTypeable(from) || !isTypeable(mesh)) return undefined
  return `claudemesh send ${shellWord(from)} --mesh ${shellWord(mesh)} --reply-to ${id} "…"`
}

/** The command that shows a message whole. */
export function showCommand(id: MessageId): string {
  return `claudemesh message show ${id}`
}

/** One word of a POSIX shell that stands for exactly that text. */
export function shellWord(text: string): string {
  return /^[A-Za-z0-9._@:+-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`
}

function isTypeable(name: string): boolean {
  const isBounded = shellWord(name).length <= NAME_CHARACTERS_MAX + "''".length
  return name !== "" && !name.startsWith("-") && isBounded &&
    lineOf(name, NAME_CHARACTERS_MAX) === name
}
