/**
 * Tells a run as a person reads it: one line for each thing that happened, by machine, with messages by number.
 *
 * @module
 */
import type { EventOf, HistoryEvent } from "./history.ts"
import type { Plan } from "./plan.ts"
import { Names } from "./names.ts"

/** A frame that arrived. */
export interface FrameSeen {
  readonly type: "frame"
  readonly at: number
  readonly from: string
  readonly to: string
  readonly text: string
}

/** Lines of a run in the order of time. */
export function traceLines(
  plan: Plan,
  events: ReadonlyArray<HistoryEvent | FrameSeen>
): ReadonlyArray<string> {
  const names = new Names(plan)
  return events.map((event) => {
    const [who, what] = event.type === "frame" ? tellFrame(names, event) : tellEvent(names, event)
    return `${(event.at / 1_000).toFixed(3).padStart(9)}  ${who.padEnd(9)} ${what}`
  })
}

function tellFrame(names: Names, { from, text, to }: FrameSeen): readonly [string, string] {
  return [short(from), `→ ${short(to)}  ${names.frame(text)}`]
}

type Told = readonly [who: string, what: string]

/** How events of each type are told; those that are of no device are told alike. */
const tellers: {
  readonly [Type in HistoryEvent["type"]]?: (names: Names, event: EventOf<Type>) => Told
} = {
  accepted: (names, { id, sender, to }) => [
    names.device(sender),
    `ACCEPTS ${names.message(id)} for ${to.map((device) => names.device(device)).join(", ")}`
  ],
  answered: (names, { answer, device, id = "" }) => [
    names.device(device),
    `answers its user about ${names.message(id)}: ${answer}`
  ],
  admitted: (names, { attempt, broker, id, sender }) => [
    short(broker),
    `ADMITS ${names.message(id)} of ${names.device(sender)}, attempt ${attempt}`
  ],
  placed: (names, { broker, device, seq }) => [
    short(broker),
    `gives it number ${seq} in the mailbox of ${names.device(device)}`
  ],
  inboxed: (names, { device, id, sender }) => [
    names.device(device),
    `INBOXES ${names.message(id)} of ${names.device(sender)}`
  ],
  shown: (names, { id, reason, recipient, sender, state }) => [
    names.device(sender),
    `SHOWS ${names.message(id)} ${state} for ${names.device(recipient)}${
      reason === undefined ? "" : ` (${reason})`
    }`
  ],
  presence: (names, { device, observer, state }) => [
    names.device(observer),
    `is told that ${names.device(device)} is ${state}`
  ],
  attached: (names, { device }) => [names.device(device), "attached"],
  detached: (names, { device }) => [names.device(device), "detached"],
  left: (names, { device }) => [names.device(device), "leaves"],
  cut_off: (names, { device }) => [names.device(device), "is cut off for good"]
}

function tellEvent<Type extends HistoryEvent["type"]>(
  names: Names,
  event: EventOf<Type> & { readonly type: Type }
): Told {
  const teller: ((names: Names, event: EventOf<Type>) => Told) | undefined = tellers[event.type]
  return teller === undefined ? ["", tellRest(event)] : teller(names, event)
}

function tellRest(event: HistoryEvent): string {
  const { at: _, type, ...facts } = event
  const said = Object.values(facts).map(String).join(" ")
  return `*** ${type.replace("_", " ")} ${said}`.trimEnd()
}

/** `machine 3` is m3, `broker 0` is b0, as in the names of members. */
function short(process: string): string {
  return process.replace(/^(\w)\w* (\d+)$/, "$1$2")
}
