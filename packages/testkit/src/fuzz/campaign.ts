/**
 * Puts a decoder to the test with a row of cases, and says what came of them.
 *
 * @module
 */
import type { Decoder } from "./decoder.ts"
import { shrunk } from "./shrunk.ts"

/** Which cases: so many from that number on. */
export interface CampaignOptions {
  readonly from: number
  readonly cases: number
  /** Milliseconds from anywhere; without it nothing is measured. */
  readonly now?: () => number
}

/** A case that broke a promise. */
export interface BrokenPromise {
  /** The number by which the case is made again. */
  readonly number: number
  readonly text: string
  /** The least of the text that breaks the same promise. */
  readonly shrunk: string
  readonly reason: string
}

/** What came of a row of cases. */
export interface Campaign {
  readonly decoder: string
  /** How often each answer was given. */
  readonly outcomes: ReadonlyMap<string, number>
  readonly slowestMillis: number
  /** The case that took so long. */
  readonly slowest: number
  readonly broken?: BrokenPromise
}

/** Reads the cases one after another, and stops at the first that breaks a promise. */
export function campaign(
  decoder: Decoder,
  { cases, from, now = standingStill }: CampaignOptions
): Campaign {
  const outcomes = new Map<string, number>()
  let [slowestMillis, slowest] = [0, from]
  for (let number = from; number < from + cases; number++) {
    const text = decoder.cases(number)
    const { millis, tried } = timed(decoder, text, now)
    if (millis > slowestMillis) {
      // Once more: the first time, the machine may have been busy with something else.
      const again = timed(decoder, text, now).millis
      if (again > slowestMillis) [slowestMillis, slowest] = [Math.min(millis, again), number]
    }
    const facts = { decoder: decoder.name, outcomes, slowestMillis, slowest }
    if ("reason" in tried) return { ...facts, broken: brokenPromise(decoder, number, text) }
    outcomes.set(tried.outcome, (outcomes.get(tried.outcome) ?? 0) + 1)
  }
  return { decoder: decoder.name, outcomes, slowestMillis, slowest }
}

function timed(decoder: Decoder, text: string, now: () => number) {
  const began = now()
  const tried = attempt(decoder, text)
  return { tried, millis: now() - began }
}

type Attempt = { readonly outcome: string } | { readonly reason: string }

function attempt({ read }: Decoder, text: string): Attempt {
  try {
    return { outcome: read(text) }
  } catch (error) {
    return { reason: String(error) }
  }
}

function brokenPromise(decoder: Decoder, number: number, text: string): BrokenPromise {
  const least = shrunk(text, (less) => "reason" in attempt(decoder, less))
  const tried = attempt(decoder, least)
  return { number, text, shrunk: least, reason: "reason" in tried ? tried.reason : "" }
}

function standingStill(): number {
  return 0
}
