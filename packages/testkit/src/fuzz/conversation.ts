/**
 * Says a row of frames wrong: some lost, some twice, some too early, some broken, some that belong elsewhere.
 *
 * @module
 */
import type { Draw, Json } from "../mutations.ts"
import { mutatedJsonText } from "./cases.ts"
import { pickOne } from "./quick_draw.ts"

/** What may go wrong, and with what. */
export interface Mishaps {
  readonly draw: Draw
  /** How many things go wrong. */
  readonly count: number
  /** Texts of other conversations, recorded as they were. */
  readonly recorded: ReadonlyArray<string>
}

type Mishap = (texts: ReadonlyArray<string>, at: number, means: Means) => ReadonlyArray<string>

interface Means extends Mishaps {
  readonly frames: ReadonlyArray<Json>
}

/** The table of mishaps, each at some place of the row. */
const mishaps: ReadonlyArray<Mishap> = [
  (texts, at) => texts.toSpliced(at, 1),
  (texts, at) => texts.toSpliced(at, 0, ...texts.slice(at, at + 1)),
  (texts, at, { draw }) => texts.toSpliced(at, 0, pickOne(texts, draw)),
  (texts, at, { draw }) => texts.toSpliced(draw(texts.length), 0, ...texts.slice(at, at + 1)),
  (texts, at, { draw }) => moved(texts, at, draw(texts.length)),
  (texts, at, { draw, recorded }) => texts.toSpliced(at, 0, pickOne([...recorded, ""], draw)),
  broken,
  broken,
  broken
]

/** The texts of a conversation in which that many things have gone wrong. */
export function mutatedConversation(
  frames: ReadonlyArray<Json>,
  options: Mishaps
): ReadonlyArray<string> {
  let texts: ReadonlyArray<string> = frames.map((frame) => JSON.stringify(frame))
  for (let left = options.count; left > 0 && texts.length > 0; left--) {
    const at = options.draw(texts.length)
    texts = pickOne(mishaps, options.draw)(texts, at, { ...options, frames })
  }
  return texts
}

function moved(texts: ReadonlyArray<string>, from: number, to: number): ReadonlyArray<string> {
  return texts.toSpliced(from, 1).toSpliced(to, 0, ...texts.slice(from, from + 1))
}

/** In the place of a frame stands a broken one of the same conversation, mostly the frame itself. */
function broken(texts: ReadonlyArray<string>, at: number, { draw, frames }: Means) {
  const own = frames[at]
  const kept = own === undefined || draw(4) === 0 ? frames : [own]
  return texts.with(at, mutatedJsonText(kept, draw))
}
