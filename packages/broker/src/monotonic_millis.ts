/**
 * Milliseconds for leases and silences: they never run backwards when the wall clock is corrected.
 *
 * @module
 */
import type { Clock } from "effect"

/** Since some moment; only differences mean anything. */
export function monotonicMillis(clock: Clock.Clock): number {
  return Number(clock.monotonicTimeNanosUnsafe() / 1_000_000n)
}
