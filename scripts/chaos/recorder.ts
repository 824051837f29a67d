/**
 * Writes down what a run does itself, and keeps what a store has told before it is wiped.
 *
 * @module
 */
import type { Happening, HistoryEvent } from "@claudemesh/testkit/simulation"
import { Clock, Effect } from "effect"
import { brokerEvents } from "./history.ts"
import type { BrokerFact, Witnessed } from "./witness.ts"

/** The record of one run. */
export interface Recorder {
  /** When it began, by the clock that the databases go by. */
  readonly beganAt: number
  readonly tell: (happening: Happening) => Effect.Effect<void>
  readonly keep: (witnessed: ReadonlyArray<Witnessed<BrokerFact>>) => Effect.Effect<void>
  readonly events: () => ReadonlyArray<HistoryEvent>
}

/** A record that begins now. */
export const makeRecorder = Effect.gen(function*() {
  const beganAt = yield* Clock.currentTimeMillis
  const events: Array<HistoryEvent> = []
  const recorder: Recorder = {
    beganAt,
    tell: (happening) =>
      Effect.map(Clock.currentTimeMillis, (now) => {
        events.push({ ...happening, at: now - beganAt })
      }),
    keep: (witnessed) =>
      Effect.sync(() => {
        for (const event of brokerEvents(witnessed, { beganAt })) events.push(event)
      }),
    events: () => events
  }
  return recorder
})
