/**
 * Reads what a person typed to find messages: words that must all be there, "phrases", and beginnings*.
 *
 * Whatever is typed means something or is refused with a reason; nothing of it
 * is an expression of the index's own language.
 *
 * @module
 */
import { type Refused, refused } from "@claudemesh/protocol"
import { Result } from "effect"

/** More words find nothing that fewer do not. */
const TERMS_MAX = 32
const CHARACTERS_MAX = 1_000

/** A phrase in quotes, or a word; each may be a beginning. */
const TERM = /"([^"]*)"(\*?)|([^\s"]+)/gu

/** What the index takes for a part of a word; all else separates words. */
const WORDLY = /[\p{L}\p{N}\p{Co}]/u

/** The index's expression for what was typed: every term of it in one message. */
export function searchExpression(typed: string): Result.Result<string, Refused> {
  if (typed.length > CHARACTERS_MAX) return tooMuch(`${CHARACTERS_MAX} characters`)
  // A NUL would end the expression in the middle of a phrase.
  const terms = [...typed.replaceAll("\0", " ").matchAll(TERM)]
    .map(([, phrase, star = "", word = ""]) => termOf(phrase ?? word, star))
    .filter((term) => term !== undefined)
  if (terms.length > TERMS_MAX) return tooMuch(`${TERMS_MAX} words`)
  if (terms.length === 0) return noWords(typed)
  return Result.succeed(terms.join(" AND "))
}

function termOf(text: string, star: string): string | undefined {
  if (!WORDLY.test(text)) return undefined
  const isBeginning = star !== "" || text.endsWith("*")
  return `"${text}"${isBeginning ? "*" : ""}`
}

function tooMuch(most: string) {
  return Result.fail(refused("usage", `Cannot search for so much: at most ${most} work`))
}

function noWords(typed: string) {
  return Result.fail(refused("usage", `Cannot search for "${typed}": there is no word in it`))
}
