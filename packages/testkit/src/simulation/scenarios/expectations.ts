/**
 * What a scenario must show beside keeping every promise: that what it aims at was met, and what came of it.
 *
 * Messages go by their place among the sends of the plan, from 0.
 *
 * @module
 */
import { type EventOf, eventsOf, type History, type HistoryEvent } from "../history.ts"
import { messageId } from "../names.ts"
import type { FrameSeen } from "../trace.ts"

/** A run as far as it can be seen. */
export interface Seen {
  readonly history: History
  readonly frames: ReadonlyArray<FrameSeen>
}

/** Finds what is missing, in words; nothing if all is there. */
export type Expectation = (seen: Seen) => string | undefined

/** Each of these messages is in one inbox, once. */
export function inboxedOnce(...messages: ReadonlyArray<number>): Expectation {
  return every(messages.map((message) => inboxed(message, 1)))
}

/** A message is taken into an inbox so many times; more than once only where an inbox forgot it. */
export function inboxed(message: number, times: number): Expectation {
  return ({ history }) =>
    counted(`message ${message} inboxed`, times, of(history, "inboxed", message).length)
}

/** A message is taken by a broker's store so many times; more than once only where it forgot it, or it was sealed again. */
export function admitted(message: number, times: number): Expectation {
  return ({ history }) =>
    counted(`message ${message} admitted`, times, of(history, "admitted", message).length)
}

/** A message is in no outbox. */
export function neverAccepted(message: number): Expectation {
  return ({ history }) =>
    counted(`message ${message} accepted`, 0, of(history, "accepted", message).length)
}

/** Who asked to send a message was answered this, each time in turn. */
export function answered(message: number, ...answers: ReadonlyArray<string>): Expectation {
  return ({ history }) => {
    const given = of(history, "answered", message).map(({ answer }) => answer)
    return given.join() === answers.join()
      ? undefined
      : `the answers about message ${message} are "${given.join()}", not "${answers.join()}"`
  }
}

/** What the sender of a message is shown in the end. */
export function endsAs(message: number, state: string, reason?: string): Expectation {
  return ({ history }) => {
    const last = of(history, "shown", message).at(-1)
    if (last?.state === state && last.reason === reason) return undefined
    return `message ${message} ends as "${last?.state}" (${last?.reason}), not "${state}" (${reason})`
  }
}

/** How long it takes at the most until the sender of a message is shown a state. */
export function shownWithin(message: number, state: string, millis: number): Expectation {
  return ({ history }) => {
    const accepted = of(history, "accepted", message)[0]?.at ?? Infinity
    const shown = of(history, "shown", message).find((event) => event.state === state)
    const took = (shown?.at ?? Infinity) - accepted
    return took <= millis ? undefined : `message ${message} took ${took} ms to be shown ${state}`
  }
}

/** How often something happened, of which these facts are told. */
export function happened<Type extends HistoryEvent["type"]>(
  type: Type,
  facts: Partial<EventOf<Type>>,
  times: number
): Expectation {
  return ({ history }) =>
    counted(
      `${type} ${JSON.stringify(facts)}`,
      times,
      eventsOf(history, type).filter(has(facts)).length
    )
}

/** How often at least a frame of that type arrived, of which these facts are told; never if that is 0. */
export function arrived(
  frame: string,
  facts: Partial<Omit<FrameSeen, "type" | "at">>,
  least: number
): Expectation {
  return ({ frames }) => {
    const { text = "", ...others } = facts
    const count =
      frames.filter((seen) =>
        seen.text.includes(`"type":"${frame}"`) && seen.text.includes(text) && has(others)(seen)
      ).length
    const isRight = least === 0 ? count === 0 : count >= least
    return isRight
      ? undefined
      : `${frame} ${JSON.stringify(facts)} arrived ${count} times, not ${least}`
  }
}

/** Whoever was not away for the whole lease was never shown gone. */
export const nobodyGone: Expectation = happened("presence", { state: "gone" }, 0)

function every(expectations: ReadonlyArray<Expectation>): Expectation {
  return (seen) =>
    expectations.map((expectation) => expectation(seen)).find((missing) => missing !== undefined)
}

function counted(what: string, expected: number, count: number): string | undefined {
  return count === expected ? undefined : `${what} ${count} times, not ${expected}`
}

type AboutMessage = "accepted" | "answered" | "admitted" | "inboxed" | "shown"

function of<Type extends AboutMessage>(
  history: History,
  type: Type,
  message: number
): ReadonlyArray<EventOf<Type>> {
  const id = messageId(message)
  return eventsOf(history, type).filter((event) => "id" in event && event.id === id)
}

function has(facts: object): (event: object) => boolean {
  return (event) =>
    Object.entries(facts).every(([name, value]) => Reflect.get(event, name) === value)
}
