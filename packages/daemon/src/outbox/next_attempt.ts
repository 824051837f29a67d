/**
 * Which verdicts of a recipient are no end, and how soon the message is sealed and sent again.
 *
 * A recipient that could not open a message asks for another sealing. One that
 * could not tell who sent it signs for a header that anybody may have made, the
 * broker too: its verdict must not end a genuine message. Both are answered with
 * another attempt, later each time, and are believed in the end.
 *
 * @module
 */
import type { ErrorCode } from "@claudemesh/protocol"

/** Verdicts after which the same message may still be accepted. */
const PASSING: ReadonlySet<string> = new Set<ErrorCode>([
  "reseal",
  // Given before the sender's signature was checked.
  "too_large",
  "malformed",
  "wrong_mesh",
  "unknown_sender",
  "bad_signature"
])

/** Attempts after the first; a recipient has refused them for half an hour then, being there for each. */
export const ATTEMPTS_MAX = 12

const FIRST_DELAY_MILLIS = 1_000

/** No attempt waits for longer. */
export const DELAY_MILLIS_MAX = 600_000

/** How long the attempt after this one waits; nothing if the verdict stands. The first follows at once. */
export function nextAttemptMillis(reason: string | undefined, attempt: number): number | undefined {
  if (reason === undefined || !PASSING.has(reason) || attempt >= ATTEMPTS_MAX) return undefined
  return attempt === 0 ? 0 : Math.min(FIRST_DELAY_MILLIS * 2 ** (attempt - 1), DELAY_MILLIS_MAX)
}
