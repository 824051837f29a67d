/**
 * What must not be in a text that an agent is handed, told apart from what takes it out.
 *
 * @module
 */

const DANGEROUS = new RegExp(
  [
    String
      .raw`<[\s\\/!?]*(?:system|user|assistant|human|channel|invoke|claudemesh|thinking|thinking_mode|sys)(?:\s[^<>]*)?/?>`,
    String
      .raw`<[\s\\/!?]*(?:antml:|system[ ._-]?reminder|cross-session|task-|tool_|function_|local-|bash-|command-|teammate-|ide_)`,
    String.raw`<[\s\\/!?]*[a-z]+-[a-z-]+/?>`,
    String.raw`<\|[a-z_]+\|>`,
    String.raw`[[【]\s*/?\s*claudemesh\s`,
    String.raw`^[\s>#*]*(?:human|assistant)\s*[*]*:`
  ].join("|"),
  "mu"
)

const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/u
const EMOJI = String.raw`[\p{Emoji}\p{Extended_Pictographic}]`
const GLUE = new RegExp(`(?<=${EMOJI})\ufe0f|(?<=${EMOJI}\ufe0f?)\u200d(?=${EMOJI})`, "gu")

/** Whether a tag, a head or a turn is in it, in letters however written. */
export function looksDangerous(text: string): boolean {
  const seen = text.normalize("NFKC").replace(/[\p{Cf}\p{M}]/gu, "").toLowerCase()
  return DANGEROUS.test(seen.replace(/[‹〈⟨❮]/g, "<"))
}

/** Whether something is in it that a reader can't see, but for line feeds, tabs and what holds emoji together. */
export function hasUnseen(text: string): boolean {
  return UNSEEN.test(text.replace(GLUE, "").replace(/[\n\t]/g, ""))
}
