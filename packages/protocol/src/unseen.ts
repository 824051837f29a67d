/**
 * What of a text no reader can see: escape sequences, and characters that direct, join or hide others.
 *
 * A terminal shows it by name, and what is handed to a model goes without it; both mean the same. Apart
 * from everything with a runtime, because small processes ask for it, too. Time is linear in the length.
 *
 * @module
 */

/**
 * CSI; strings of OSC, DCS, SOS, PM and APC that are closed; other escapes. In 7 and in 8 bits. A string holds
 * nothing that begins another one, or a text of nothing but beginnings would take square time.
 */
export const ESCAPE_SEQUENCES: RegExp = new RegExp(
  [
    String.raw`(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]`,
    String
      .raw`(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x90\x98\x9c-\x9f]*(?:\x07|\x1b\\|\x9c)`,
    String.raw`\x1b[ -/]*[0-OQ-WYZ\\\x60-~]`
  ].join("|"),
  "gu"
)

/**
 * Control, format, direction, separators, halves of pairs, what is ignorable, what is no character, and the blank
 * of Braille, which passes for a space. Line feed and tab are among them: callers decide on those.
 */
export const UNSEEN: RegExp =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\u2800]/gu

/** The joiner and the selector inside an emoji: without them a family becomes four people. */
const EMOJI_GLUE =
  /(?<=\p{Extended_Pictographic}|\p{Emoji_Modifier}|[0-9#*])\ufe0f|(?<=\p{Extended_Pictographic}\ufe0f?|\p{Emoji_Modifier})\u200d(?=\p{Extended_Pictographic})/gu

/** The places of what cannot be seen and belongs to an emoji. */
export function gluedIn(text: string): ReadonlySet<number> {
  return new Set([...text.matchAll(EMOJI_GLUE)].map(({ index }) => index))
}
