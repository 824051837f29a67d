/**
 * Numbers for one case of a fuzz run, cheap to begin: any case can be made again from its name and number alone.
 *
 * They are no secret and make no keys; those come from `seeded_bytes.ts`.
 *
 * @module
 */
import type { Draw } from "../mutations.ts"

const GOLDEN = 0x6d2b79f5
const WORD = 2 ** 32

/** The numbers of one case. */
export function quickDraw(name: string, number: number): Draw {
  let state = mixed(hashOf(name) ^ mixed(number >>> 0) ^ mixed(Math.floor(number / WORD) + GOLDEN))
  return (bound) => {
    state = (state + GOLDEN) | 0
    return mixed(state) % bound
  }
}

/** One of the choices. */
export function pickOne<A>(choices: ReadonlyArray<A>, draw: Draw): A {
  const choice = choices[draw(choices.length)]
  if (choice === undefined) throw new Error("There is nothing to choose from")
  return choice
}

/** Spreads a word over all its bits; the mixing step of mulberry32. */
function mixed(word: number): number {
  let bits = Math.imul(word ^ (word >>> 15), word | 1)
  bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61)
  return (bits ^ (bits >>> 14)) >>> 0
}

function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  }
  return hash >>> 0
}
