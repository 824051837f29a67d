/**
 * What a history says of devices that lost what they had written: from then on they know it no more.
 *
 * @module
 */
import { type EventOf, eventsOf, type History, nameOf } from "../history.ts"
import type { Message } from "./messages.ts"

/**
 * Whether a message was forgotten by its sender before a broker's store had it, or afterwards by that
 * store, too: then nobody is left who could deliver it, or tell what became of it.
 */
export function makeIsLost(history: History): (message: Message) => boolean {
  const forgot = eventsOf(history, "forgot")
  const isStoreLost = history.some(({ type }) => type === "store_lost")
  const admittedAt = new Map<string, number>()
  for (const event of eventsOf(history, "admitted")) {
    if (!admittedAt.has(nameOf(event))) admittedAt.set(nameOf(event), event.at)
  }
  return ({ accepted, name }) =>
    forgot.some((event) => {
      if (!isOwn(event, accepted)) return false
      return isStoreLost || (admittedAt.get(name) ?? Infinity) > event.at
    })
}

/** Whether the outbox of its sender holds a message no more: it shows nothing of it any longer. */
export function makeIsUnknown(history: History): (message: Message) => boolean {
  const forgot = eventsOf(history, "forgot")
  return ({ accepted }) => forgot.some((event) => isOwn(event, accepted))
}

function isOwn(
  { at, device, mesh, since }: EventOf<"forgot">,
  accepted: EventOf<"accepted">
): boolean {
  return mesh === accepted.mesh && device === accepted.sender && accepted.at >= since &&
    accepted.at < at
}
