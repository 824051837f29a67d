/**
 * The words that a POSIX shell would see, read by the book. What a shell would expand is an error.
 *
 * @module
 */

const PIECE = /'([^']*)'|"([^"$`\\!]*)"|\\(.)|([A-Za-z0-9._@:+,%/-]+)|( +)/guy

/** The words of one simple command. */
export function shellWords(command: string): ReadonlyArray<string> {
  const pieces = [...command.matchAll(PIECE)]
  const read = pieces.map(([piece]) => piece).join("")
  if (read !== command) throw new Error(`A shell would not read this as words: ${command}`)
  return pieces.reduce<ReadonlyArray<string>>(withPiece, [""])
}

/** A space begins a word; everything else goes on with the last one. */
function withPiece(words: ReadonlyArray<string>, found: ReadonlyArray<string | undefined>) {
  const [, single, double, escaped, plain, space] = found
  if (space !== undefined) return [...words, ""]
  const text = single ?? double ?? escaped ?? plain ?? ""
  return [...words.slice(0, -1), `${words.at(-1) ?? ""}${text}`]
}
