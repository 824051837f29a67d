/**
 * What was to be delivered: each accepted message with each of its recipients, and what its sender is shown of it last.
 *
 * @module
 */
import { type EventOf, eventsOf, type History } from "../history.ts"
import { makeIsLost, makeIsUnknown } from "./forgetting.ts"
import { lastShown, leftAt, type Message, messagesOf, wereClocksSet } from "./messages.ts"

/** One message for one recipient, of a sender who still asks for it. */
export interface Delivery {
  readonly message: Message
  readonly recipient: string
  readonly last: EventOf<"shown"> | undefined
  /**
   * Whether nothing is asked of its recipient: it left, or its machine stays cut off. Nor is it where the
   * time to live is over by the broker's clock, and the sender's was set, so that it learns that at any time.
   */
  readonly isExcused: boolean
  /** Whether its sender lost the message, and whether no broker has it either. */
  readonly isUnknown: boolean
  readonly isLost: boolean
}

/** Whatever was to be delivered. */
export function deliveriesOf(history: History): ReadonlyArray<Delivery> {
  const last = lastShown(history)
  const left = leftAt(history)
  const excused = excusedDevices(history)
  const isLost = makeIsLost(history)
  const isUnknown = makeIsUnknown(history)
  const now = history.at(-1)?.at ?? 0
  const wereSet = wereClocksSet(history)
  return [...messagesOf(history).values()].flatMap((message) => {
    const { mesh, sender, to } = message.accepted
    function isGone(device: string): boolean {
      return excused.has(device) || left.has(`${mesh}/${device}`)
    }
    if (isGone(sender)) return []
    const isOver = wereSet && message.accepted.at + message.accepted.ttl < now
    return to.map((recipient) => ({
      message,
      recipient,
      last: last.get(`${message.name} ${recipient}`),
      isExcused: isGone(recipient) || isOver,
      isUnknown: isUnknown(message),
      isLost: isLost(message)
    }))
  })
}

/** Devices of which nothing is asked: their machine stays cut off from its broker to the end of the run. */
export function excusedDevices(history: History): ReadonlySet<string> {
  return new Set(eventsOf(history, "cut_off").map(({ device }) => device))
}
