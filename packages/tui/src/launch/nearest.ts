/**
 * Which of a few words are near to one that was mistyped.
 *
 * @module
 */

/** Words with more that is different are not what was meant. */
const DIFFERENCES_MAX = 3

/** The words that are near, the nearest first; all of them where none is. */
export function nearest(typed: string, words: ReadonlyArray<string>): ReadonlyArray<string> {
  const near = words
    .map((word) => ({ word, distance: differences(typed.toLowerCase(), word) }))
    .filter(({ distance, word }) => distance <= Math.min(DIFFERENCES_MAX, word.length - 1))
    .toSorted((one, other) => one.distance - other.distance)
  return near.length === 0 ? words : near.map(({ word }) => word)
}

/** How many letters are to be added, taken out or replaced. */
function differences(one: string, other: string): number {
  let above = Array.from({ length: other.length + 1 }, (_, column) => column)
  for (const [row, letter] of Array.from(one).entries()) {
    const line = [row + 1]
    for (let column = 1; column <= other.length; column++) {
      const replaced = (above[column - 1] ?? 0) + (letter === other[column - 1] ? 0 : 1)
      line.push(Math.min(replaced, (above[column] ?? 0) + 1, (line[column - 1] ?? 0) + 1))
    }
    above = line
  }
  return above[other.length] ?? 0
}
