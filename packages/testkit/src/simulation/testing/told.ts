/**
 * Writes histories by hand: of each event only what matters, all else is of message 1 from a to b.
 *
 * @module
 */
import type { EventOf, History, HistoryEvent } from "../history.ts"

const ONE = { at: 0, mesh: "mesh", sender: "a", id: "1" }
const OF_B = { at: 0, mesh: "mesh", device: "b" }

type Events = { readonly [Type in HistoryEvent["type"]]: EventOf<Type> }

/** What events say where nothing else is said. */
const events: Events = {
  accepted: { type: "accepted", ...ONE, to: ["b"], text: "hello", ttl: 60_000 },
  answered: {
    type: "answered",
    at: 0,
    mesh: "mesh",
    device: "a",
    id: "1",
    text: "hello",
    answer: "accepted"
  },
  admitted: { type: "admitted", ...ONE, broker: "broker 0", attempt: 0 },
  placed: { type: "placed", ...OF_B, broker: "broker 0", seq: 1 },
  inboxed: { type: "inboxed", ...ONE, device: "b", text: "hello" },
  shown: { type: "shown", ...ONE, recipient: "b", state: "inboxed", reason: undefined },
  attached: { type: "attached", ...OF_B },
  detached: { type: "detached", ...OF_B },
  presence: { type: "presence", ...OF_B, observer: "a", state: "gone" },
  left: { type: "left", ...OF_B },
  cut_off: { type: "cut_off", at: 0, device: "b" },
  quota_met: { type: "quota_met", at: 0 },
  started: { type: "started", at: 0, process: "broker 0" },
  killed: { type: "killed", at: 0, process: "broker 0" },
  store_lost: { type: "store_lost", at: 0, broker: "broker 0" },
  forgot: { type: "forgot", ...OF_B, since: 0 },
  clock_set: { type: "clock_set", at: 0, machine: "machine 0", skewMillis: 1_000 },
  fault: { type: "fault", at: 0, what: "nothing" },
  logged: { type: "logged", at: 0, process: "broker 0", text: "nothing" },
  healed: { type: "healed", at: 0 },
  ended: { type: "ended", at: 0, bufferedBytesMax: 0 }
}

/** One event of a history. */
export function told<Type extends HistoryEvent["type"]>(
  type: Type,
  at: number,
  facts: Partial<Events[Type]> = {}
): Events[Type] {
  return { ...events[type], ...facts, at }
}

/** A message that goes as it should, to the end of a run. */
export const GOOD: History = [
  told("accepted", 1),
  told("answered", 1),
  told("admitted", 2),
  told("placed", 2),
  told("shown", 3, { state: "admitted" }),
  told("inboxed", 3),
  told("shown", 4),
  told("healed", 5),
  told("ended", 6)
]

/** The good history without some events. */
export function without(...types: ReadonlyArray<HistoryEvent["type"]>): History {
  return GOOD.filter(({ type }) => !types.includes(type))
}
