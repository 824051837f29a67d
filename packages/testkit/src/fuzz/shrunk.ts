/**
 * Makes a failing text smaller for as long as it fails: what is left is what matters.
 *
 * @module
 */

/** How often it is tried; a text of a frame's size needs a few thousand. */
const TRIES_MAX = 20_000

/** The smallest text found that still fails. */
export function shrunk(text: string, fails: (text: string) => boolean): string {
  let smallest = text
  let tries = 0
  for (let size = Math.ceil(text.length / 2); size >= 1; size = Math.floor(size / 2)) {
    let at = 0
    while (at < smallest.length && tries++ < TRIES_MAX) {
      const less = smallest.slice(0, at) + smallest.slice(at + size)
      if (less.length < smallest.length && fails(less)) smallest = less
      else at += size
    }
  }
  return smallest
}
