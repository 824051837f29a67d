/**
 * Puts together what each database of a run has told into the one history that is judged.
 *
 * @module
 */
import type { HistoryEvent } from "@claudemesh/testkit/simulation"
import type { BrokerFact, DaemonFact, Witnessed } from "./witness.ts"

/** When the run began, by the clock that databases go by. */
export interface Beginning {
  readonly beganAt: number
}

/** The events of a daemon, in the name of its device. */
export function daemonEvents(
  witnessed: ReadonlyArray<Witnessed<DaemonFact>>,
  { beganAt, device }: Beginning & { readonly device: string }
): ReadonlyArray<HistoryEvent> {
  const recipients = new Map<string, Array<string>>()
  for (const { event } of witnessed) {
    if (event.type !== "addressed") continue
    const key = `${event.mesh} ${event.id}`
    recipients.set(key, [...(recipients.get(key) ?? []), event.device])
  }
  return ordered(witnessed, beganAt).flatMap(({ at, event }): ReadonlyArray<HistoryEvent> => {
    switch (event.type) {
      case "accepted":
        return [{
          ...event,
          at,
          sender: device,
          to: recipients.get(`${event.mesh} ${event.id}`) ?? []
        }]
      case "shown":
        return [{ ...event, at, sender: device, reason: event.reason ?? undefined }]
      case "inboxed":
        return [{ ...event, at, device }]
      case "addressed":
        return []
    }
  })
}

/** The events of a broker's store. */
export function brokerEvents(
  witnessed: ReadonlyArray<Witnessed<BrokerFact>>,
  { beganAt }: Beginning
): ReadonlyArray<HistoryEvent> {
  return ordered(witnessed, beganAt).map(dated)
}

function dated({ at, event }: Witnessed<BrokerFact>): HistoryEvent {
  return { ...event, at }
}

/** Within one millisecond, what causes comes before what is caused; all else keeps its order. */
const RANKS: Partial<Record<HistoryEvent["type"], number>> = {
  accepted: 1,
  admitted: 2,
  placed: 3,
  inboxed: 4,
  shown: 5,
  answered: 6
}

/** One history of several, each in its own order. */
export function merged(
  histories: ReadonlyArray<ReadonlyArray<HistoryEvent>>
): ReadonlyArray<HistoryEvent> {
  return histories.flat().toSorted((one, other) =>
    one.at - other.at || (RANKS[one.type] ?? 0) - (RANKS[other.type] ?? 0)
  )
}

/** A commit is never before the one before it, whatever became of the clock. */
function ordered<Event>(
  witnessed: ReadonlyArray<Witnessed<Event>>,
  beganAt: number
): ReadonlyArray<Witnessed<Event>> {
  let last = -Infinity
  return witnessed.map(({ at, event }) => {
    last = Math.max(last, at - beganAt)
    return { at: last, event }
  })
}
