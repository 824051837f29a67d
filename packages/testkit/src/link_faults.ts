/**
 * What a bad link does to the bytes that cross it, drawn for each piece as it comes.
 *
 * @module
 */
import type { Chance } from "./simulation/chance.ts"

/** How bad a link is. */
export interface LinkFaults {
  /** Each piece is held for up to so long; the order of bytes stays. */
  readonly delayMillisMax: number
  readonly bytesPerSecond: number
  /** How probable it is that of a piece only the beginning arrives, and nothing after it. */
  readonly truncateChance: number
  /** How probable it is that one bit of a piece arrives as the other. */
  readonly flipChance: number
}

/** A link on which nothing goes wrong. */
export const SOUND_LINK: LinkFaults = {
  delayMillisMax: 0,
  bytesPerSecond: Infinity,
  truncateChance: 0,
  flipChance: 0
}

/** What becomes of one piece. */
export interface Carried {
  readonly bytes: Uint8Array
  readonly delayMillis: number
  /** Whether the connection ends behind these bytes. */
  readonly isLast: boolean
}

/** Draws what becomes of a piece. */
export function carried(bytes: Uint8Array, faults: LinkFaults, chance: Chance): Carried {
  const isLast = chance.happens(faults.truncateChance)
  const arriving = isLast ? bytes.subarray(0, chance.below(bytes.length)) : bytes
  return {
    bytes: chance.happens(faults.flipChance) ? flipped(arriving, chance) : arriving,
    delayMillis: chance.next() * faults.delayMillisMax,
    isLast
  }
}

function flipped(bytes: Uint8Array, chance: Chance): Uint8Array {
  const [at, bit] = [chance.below(bytes.length), chance.below(8)]
  return bytes.map((byte, index) => (index === at ? byte ^ (1 << bit) : byte))
}
