/**
 * When to come back to a broker: later each time, and never all at once.
 *
 * Full jitter: a random part of an exponentially growing span, so that a
 * thousand clients of a broker that restarts do not return in one wave.
 * <https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/>
 *
 * @module
 */

const FIRST_MILLIS = 250
const LAST_MILLIS = 30_000

/** How long to stay away after so many failures in a row; `chance` is between 0 and 1. */
export function reconnectMillis(failures: number, chance: number): number {
  const span = Math.min(LAST_MILLIS, FIRST_MILLIS * 2 ** Math.min(failures, 16))
  return Math.round(span * chance)
}

const REFUSED_FIRST_MILLIS = 60_000
const REFUSED_LAST_MILLIS = 3_600_000

/** How long to wait after a mesh was refused so many times in a row: to ask again disturbs all others at the broker. */
export function refusedMillis(refusals: number, chance: number): number {
  const span = Math.min(REFUSED_LAST_MILLIS, REFUSED_FIRST_MILLIS * 2 ** Math.min(refusals - 1, 16))
  return Math.round(span * (1 + chance) / 2)
}

/** What a broker that stops asks for. */
export interface GoAway {
  readonly after_ms: number
  readonly jitter_ms: number
}

/** A broker that asks for more is not obeyed. */
const AWAY_MILLIS_MAX = 60_000

/** How long to stay away as a broker asked: so long, and a random part of the jitter. */
export function goAwayMillis({ after_ms, jitter_ms }: GoAway, chance: number): number {
  return Math.min(AWAY_MILLIS_MAX, Math.round(after_ms + jitter_ms * chance))
}
