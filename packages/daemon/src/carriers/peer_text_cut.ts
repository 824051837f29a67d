/**
 * Cuts a text to a number of bytes or characters, never inside what a reader sees as one character.
 *
 * @module
 */

let segmenter: Intl.Segmenter | undefined

/** Made when it is first needed: it takes longer than a hot verb has (6 ms), and most names are short. */
function clustersIn(text: string): Intl.Segments {
  segmenter ??= new Intl.Segmenter("en", { granularity: "grapheme" })
  return segmenter.segment(text)
}

/** Of a longer cluster than that only the code points are kept whole. */
const CLUSTER_LENGTH_MAX = 64

/** A text that may have been cut. */
export interface Cut {
  readonly text: string
  readonly isCut: boolean
}

/** At most so many bytes of UTF-8 of a well-formed text. */
export function cutToBytes(text: string, bytesMax: number): Cut {
  const bytes = new TextEncoder().encode(text)
  if (bytes.length <= bytesMax) return { text, isCut: false }
  const head = new TextDecoder().decode(bytes.subarray(0, bytesMax), { stream: true })
  return { text: text.slice(0, clusterStart(text, head.length)), isCut: true }
}

/** At most so many UTF-16 units of a well-formed text; a cut one ends in an ellipsis. */
export function cutLine(text: string, charactersMax: number): string {
  if (text.length <= charactersMax) return text
  return `${text.slice(0, clusterStart(text, charactersMax - 1)).trimEnd()}…`
}

/** The last place up to `at` where a cluster begins, or a code point, should the cluster be very long. */
function clusterStart(text: string, at: number): number {
  const from = codePointStart(text, Math.max(0, at - CLUSTER_LENGTH_MAX))
  const near = text.slice(from, at + CLUSTER_LENGTH_MAX)
  const cluster = clustersIn(near).containing(at - from)
  const start = from + (cluster?.index ?? 0)
  return start > from ? start : codePointStart(text, at)
}

function codePointStart(text: string, at: number): number {
  return /[\udc00-\udfff]/.test(text.charAt(at)) ? at - 1 : at
}
