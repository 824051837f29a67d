/**
 * A history by message: what was accepted for whom, and where it arrived.
 *
 * @module
 */
import { type EventOf, eventsOf, type History, nameOf } from "../history.ts"

/** One accepted message. */
export interface Message {
  readonly name: string
  readonly accepted: EventOf<"accepted">
}

/** The accepted messages by their names. */
export function messagesOf(history: History): ReadonlyMap<string, Message> {
  const messages = new Map<string, Message>()
  for (const accepted of eventsOf(history, "accepted")) {
    const name = nameOf(accepted)
    if (!messages.has(name)) messages.set(name, { name, accepted })
  }
  return messages
}

/** All that was ever accepted under one name: more than once only where an outbox forgot the first. */
export function acceptances(
  history: History
): ReadonlyMap<string, ReadonlyArray<EventOf<"accepted">>> {
  return Map.groupBy(eventsOf(history, "accepted"), nameOf)
}

/** What a sender is shown last, by message and recipient. */
export function lastShown(history: History): ReadonlyMap<string, EventOf<"shown">> {
  return new Map(
    eventsOf(history, "shown").map((event) => [`${nameOf(event)} ${event.recipient}`, event])
  )
}

/** Which devices left a mesh, with the time at which they asked to. */
export function leftAt(history: History): ReadonlyMap<string, number> {
  return new Map(eventsOf(history, "left").map(({ at, device, mesh }) => [`${mesh}/${device}`, at]))
}

/** Whether a clock was ever wrong: then a time to live may end at any time. */
export function wereClocksSet(history: History): boolean {
  return history.some(({ type }) => type === "clock_set")
}

/** How a message is named in a violation. */
export function shown({ accepted: { id, sender } }: Message): string {
  return `message ${id} of ${sender}`
}
