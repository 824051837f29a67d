/**
 * Draws everything a simulated run leaves to chance from one seed.
 *
 * Fast rather than secret: a run draws some hundred thousand times. `fork`
 * gives a stream of its own to each part, so that one part's draws do not
 * shift another's, and leaving a step out of a plan changes little else.
 *
 * The generator is sfc32 (Chris Doty-Humphrey's PractRand), its seed spread by
 * the xmur3 string hash.
 *
 * @module
 */

/** A stream of draws. */
export interface Chance {
  /** From 0, inclusive, to 1. */
  readonly next: () => number
  /** A whole number from 0 to less than `below`. */
  readonly below: (below: number) => number
  /** A whole number, both ends inclusive. */
  readonly between: (least: number, most: number) => number
  /** Whether something of that probability happens. */
  readonly happens: (probability: number) => boolean
  /** One of some; there must be one. */
  readonly pick: <A>(items: ReadonlyArray<A>) => A
  readonly bytes: (size: number) => Uint8Array
  /** A stream of its own, the same for the same label. */
  readonly fork: (label: string) => Chance
}

/** The stream of a seed. */
export function makeChance(seed: string): Chance {
  const next = sfc32(seed)

  function below(bound: number): number {
    return Math.floor(next() * bound)
  }
  function pick<A>(items: ReadonlyArray<A>): A {
    const item = items[below(items.length)]
    if (item === undefined) throw new Error("There is nothing to pick from")
    return item
  }
  return {
    next,
    below,
    between: (least, most) => least + below(most - least + 1),
    happens: (probability) => next() < probability,
    pick,
    bytes: (size) => Uint8Array.from({ length: size }, () => below(256)),
    fork: (label) => makeChance(`${seed}/${label}`)
  }
}

function sfc32(seed: string): () => number {
  let [a, b, c, d] = spread(seed)
  function next(): number {
    const sum = (((a + b) | 0) + d) | 0
    d = (d + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (c << 21) | (c >>> 11)
    c = (c + sum) | 0
    return (sum >>> 0) / 4_294_967_296
  }
  for (let warmUp = 0; warmUp < 12; warmUp++) next()
  return next
}

function spread(seed: string): [number, number, number, number] {
  let hash = 1_779_033_703 ^ seed.length
  for (const character of seed) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 3_432_918_353)
    hash = (hash << 13) | (hash >>> 19)
  }
  function word(): number {
    hash = Math.imul(hash ^ (hash >>> 16), 2_246_822_507)
    hash = Math.imul(hash ^ (hash >>> 13), 3_266_489_909)
    hash ^= hash >>> 16
    return hash | 0
  }
  return [word(), word(), word(), word()]
}
