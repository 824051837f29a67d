/**
 * Tells a run as a person reads it: one line for each thing that happened, by machine, with messages by number.
 *
 * @module
 */
import type { HistoryEvent } from "./history.ts"
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

type Tell = (names: Names, event: HistoryEvent) => readonly [who: string, what: string]

const tellEvent: Tell = (names, event) => {
  switch (event.type) {
    case "accepted":
      return [
        names.device(event.sender),
        `ACCEPTS ${names.message(event.id)} for ${
          event.to.map((to) => names.device(to)).join(", ")
        }`
      ]
    case "answered":
      return [
        names.device(event.device),
        `answers its user about ${names.message(event.id ?? "")}: ${event.answer}`
      ]
    case "admitted":
      return [
        short(event.broker),
        `ADMITS ${names.message(event.id)} of ${
          names.device(event.sender)
        }, attempt ${event.attempt}`
      ]
    case "placed":
      return [
        short(event.broker),
        `gives it number ${event.seq} in the mailbox of ${names.device(event.device)}`
      ]
    case "inboxed":
      return [
        names.device(event.device),
        `INBOXES ${names.message(event.id)} of ${names.device(event.sender)}`
      ]
    case "shown":
      return [
        names.device(event.sender),
        `SHOWS ${names.message(event.id)} ${event.state} for ${names.device(event.recipient)}${
          event.reason === undefined ? "" : ` (${event.reason})`
        }`
      ]
    case "presence":
      return [
        names.device(event.observer),
        `is told that ${names.device(event.device)} is ${event.state}`
      ]
    case "attached":
    case "detached":
    case "left":
    case "cut_off":
      return [names.device(event.device), event.type.replace("_", " ")]
    default:
      return ["", tellRest(event)]
  }
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
