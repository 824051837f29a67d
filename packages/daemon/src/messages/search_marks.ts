/**
 * Marks what was found in a piece of text, so that no text can look as if it had been marked.
 *
 * @module
 */
import { toBase64Url } from "@claudemesh/protocol/crypto"
import type { SearchHit } from "@claudemesh/protocol/local_api"
import { Effect } from "effect"
import * as SecureRandom from "effect/crypto/SecureRandom"

/** What nobody guesses. */
const MARK_BYTES = 9

/** Makes the marks of one run of the daemon: what the index puts around a match. */
export const makeMarks = Effect.gen(function*() {
  const random = yield* SecureRandom.SecureRandom
  const mark = toBase64Url(yield* random.randomBytes(MARK_BYTES))
  const [open, close] = [`<${mark}>`, `</${mark}>`]

  /** The text in parts, each a match or not. */
  function parts(marked: string): SearchHit["snippet"] {
    return marked.split(open).flatMap((piece, at) => {
      const end = at === 0 ? 0 : piece.indexOf(close)
      const match = at === 0 ? "" : piece.slice(0, end)
      const rest = at === 0 ? piece : piece.slice(end + close.length)
      return [{ text: match, match: true }, { text: rest, match: false }]
    }).filter(({ text }) => text !== "")
  }
  return { open, close, parts }
})
