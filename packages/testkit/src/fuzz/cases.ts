/**
 * The endless row of cases of one reader: valid values, now as they are, now with a few things wrong.
 *
 * A case depends on the reader's name and its own number, and on nothing else. Every so many
 * cases the valid values are made anew.
 *
 * @module
 */
import type { Draw, Json } from "../mutations.ts"
import { brokenText } from "./broken_text.ts"
import { mutatedTree, written } from "./mutated_tree.ts"
import { oddlyChanged } from "./odd_text.ts"
import { pickOne, quickDraw } from "./quick_draw.ts"

/** Makes the case of a number. */
export type Cases = (number: number) => string

/** Valid values of a block of cases. */
export type Samples<Value> = (block: number) => ReadonlyArray<Value>

/** Cases that begin with the same valid values. */
export const BLOCK_LENGTH = 10_000

/** How many nodes of a value are changed; a fifth of the cases is left as it is. */
const CHANGES = [0, 0, 1, 1, 1, 1, 2, 2, 3, 6] as const

/** Twice a frame: no transport hands over more, and a flood that doubled would be all that is read. */
const CHARACTERS_MAX = 131_072

/** One case in so many is broken as a text as well. */
const ONE_BROKEN_IN = 4

/** Cases of a reader of JSON. */
export function jsonCases(name: string, samples: Samples<Json>): Cases {
  return casesOf(name, samples, (trees, draw) => mutatedJsonText(trees, draw))
}

/** Cases of a reader of texts that are no JSON. */
export function textCases(name: string, samples: Samples<string>): Cases {
  return casesOf(name, samples, (texts, draw) => {
    let text = pickOne(texts, draw)
    for (let left = pickOne(CHANGES, draw); left > 0; left--) text = oddlyChanged(text, draw)
    return draw(ONE_BROKEN_IN) === 0
      ? brokenText(text, { draw, other: pickOne(texts, draw) })
      : text
  })
}

/** The text of one of the values, with a few things wrong or none. */
export function mutatedJsonText(trees: ReadonlyArray<Json>, draw: Draw): string {
  let tree = pickOne(trees, draw)
  for (let left = pickOne(CHANGES, draw); left > 0; left--) {
    tree = mutatedTree(tree, { draw, donor: pickOne(trees, draw) })
  }
  const text = written(tree).slice(0, CHARACTERS_MAX)
  if (draw(ONE_BROKEN_IN) > 0) return text
  return brokenText(text, { draw, other: JSON.stringify(pickOne(trees, draw)) })
}

function casesOf<Value>(
  name: string,
  samples: Samples<Value>,
  make: (values: ReadonlyArray<Value>, draw: Draw) => string
): Cases {
  let last: { readonly block: number; readonly values: ReadonlyArray<Value> } | undefined
  return (number) => {
    const block = Math.floor(number / BLOCK_LENGTH)
    if (last?.block !== block) last = { block, values: samples(block) }
    return make(last.values, quickDraw(name, number)).slice(0, CHARACTERS_MAX)
  }
}
