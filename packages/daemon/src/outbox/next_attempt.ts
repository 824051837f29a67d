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
const DELAY_MILLIS_MAX = 600_000

/** How long the attempt after this many verdicts waits; nothing if the verdict stands. The first follows at once. */
export function nextAttemptMillis(
  reason: string | undefined,
  verdicts: number
): number | undefined {
  if (reason === undefined || !PASSING.has(reason) || verdicts >= ATTEMPTS_MAX) return undefined
  return verdicts === 0
    ? 0
    : Math.min(FIRST_DELAY_MILLIS * 2 ** (verdicts - 1), DELAY_MILLIS_MAX)
}

const RETRY_FIRST_MILLIS = 500
const RETRY_LAST_MILLIS = 30_000

/** A broker that asks for more is not obeyed. */
const ASKED_MILLIS_MAX = 60_000

/** A refusal that passes. */
export interface Refusal {
  /** Refusals in a row before it. */
  readonly tries: number
  /** What the broker asked for. */
  readonly askedMillis?: number | undefined
  /** Between 0 and 1: devices that were refused together come back apart. */
  readonly chance: number
}

/** How long a message waits that was not taken for now: later each time, without an end. */
export function retryMillis({ askedMillis = 0, chance, tries }: Refusal): number {
  const span = Math.min(RETRY_FIRST_MILLIS * 2 ** Math.min(tries, 16), RETRY_LAST_MILLIS)
  return Math.max(Math.round(span * (1 + chance) / 2), Math.min(askedMillis, ASKED_MILLIS_MAX))
}

/** How long the sealing after this one waits, where a message came out of its order: the first follows at once. */
export function goBackMillis(attempt: number): number {
  return attempt === 0
    ? 0
    : Math.min(RETRY_FIRST_MILLIS * 2 ** Math.min(attempt - 1, 16), RETRY_LAST_MILLIS)
}
