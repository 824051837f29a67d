/**
 * How a story is told on a terminal, line by line.
 *
 * @module
 */

/** Longer than everything together may take on a slow machine. */
export const MILLIS_MAX = 60_000

/** What happens next, in words. */
export function say(text: string): void {
  console.log(`\n${text}`)
}

/** What was said, indented; with the time it took, loading the program included. */
export function answer(text: string, millis?: number): void {
  for (const line of text.trimEnd().split("\n")) {
    if (line !== "") console.log(`       ${line.replaceAll("\t", "  ")}`)
  }
  if (millis !== undefined) console.log(`       (${Math.round(millis)} ms)`)
}

/** Why it could not be told to its end. */
export function complain(error: unknown): void {
  console.error(`\ndemo failed: ${error instanceof Error ? error.message : String(error)}`)
}

/** An invite link without most of its secret. */
export function shortened(link: string): string {
  return `${link.slice(0, link.indexOf("#") + 5)}…`
}
