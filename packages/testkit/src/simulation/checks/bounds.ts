/**
 * G17: what a broker has waiting for a slow reader stays bounded.
 *
 * @module
 */
import type { Violation } from "../check.ts"
import { eventsOf, type History } from "../history.ts"

/** 4 MB, with which a connection is dropped, and one frame more. */
const BUFFERED_BYTES_MAX = 4 * 1_048_576 + 65_536

/** Finds buffers that grew beyond their bound. */
export function bounds(history: History): ReadonlyArray<Violation> {
  return eventsOf(history, "ended")
    .filter(({ bufferedBytesMax }) => bufferedBytesMax > BUFFERED_BYTES_MAX)
    .map(({ at, bufferedBytesMax }) => ({
      guarantee: "G17",
      at,
      what: `${bufferedBytesMax} bytes waited for one reader`
    }))
}
