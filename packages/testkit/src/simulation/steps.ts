/**
 * The steps of a plan in few words.
 *
 * @module
 */
import type { Moment } from "./moments.ts"
import type { Act, HostRef, Step } from "./plan.ts"

/** What a message may say of itself. */
export interface MessageFacts {
  readonly from?: number
  readonly to?: number
  readonly mesh?: number
  readonly size?: number
  readonly ttl?: number
  readonly priority?: "now" | "low"
  readonly idOf?: number
}

/** A message at a time: from the first machine to the second, unless it says otherwise. */
export function send(at: number, facts: MessageFacts = {}): Step {
  return { at, act: "send", from: 0, to: 1, mesh: 0, size: 20, ...facts }
}

/** So many messages like that, one right after another. */
export function sends(at: number, count: number, facts: MessageFacts = {}): ReadonlyArray<Step> {
  return Array.from({ length: count }, (_, nth) => send(at + nth, facts))
}

/** Something that is done in the middle of the first such moment, or of the nth. */
export function once(moment: Moment, does: Act, nth = 1): Step {
  return { at: 0, act: "once", moment, nth, does }
}

/** A machine, by its number. */
export function machine(number: number): HostRef {
  return { kind: "machine", number }
}

/** A broker, by its number. */
export function broker(number: number): HostRef {
  return { kind: "broker", number }
}
