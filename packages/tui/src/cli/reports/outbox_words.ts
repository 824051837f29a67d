/**
 * How far a message of the outbox is and what it waits for, in the words that every other verb has for it.
 *
 * The outbox tells more states apart than a sender can have evidence of, and programs are told its own names.
 * To people what lies on this machine is queued, and what has arrived is inboxed, wherever they read of it.
 *
 * @module
 */
import { type OutboxEntry, OutboxState } from "@claudemesh/protocol/local_api"
import { duration, until } from "../times.ts"
import { sumWord } from "./ladder.ts"

const STATE_WORDS = {
  pending: "queued",
  sending: "sending",
  admitted: "admitted",
  delivered: "inboxed",
  dead: "rejected",
  expired: "expired",
  aborted: "aborted"
} as const satisfies Record<OutboxState, string>

/** A state of the outbox in the words a person reads. */
export function outboxWord(state: OutboxState): string {
  return STATE_WORDS[state]
}

/** What a person may type for a state: the word that is shown, or the name that programs are told. */
export const typedStates: ReadonlyArray<readonly [string, OutboxState]> = [
  ...OutboxState.literals.map((state) => [STATE_WORDS[state], state] as const),
  ...OutboxState.literals
    .filter((state) => STATE_WORDS[state] !== state)
    .map((state) => [state, state] as const)
]

/** The state, and what holds for its recipients where that says more. */
export function wholeWord(entry: OutboxEntry): string {
  const word = outboxWord(entry.outbox_state)
  const sum = sumWord(entry)
  return sum.startsWith(word) ? sum : `${word}: ${sum}`
}

/** What a message waits for, or how it ended, in words. */
export function waitsWord(entry: OutboxEntry, now: number): string {
  const { behind, last_error, link, next_attempt_at: next = now, waits_for } = entry
  switch (waits_for) {
    case "link":
      return `the broker: ${link.state} since ${duration(Math.max(0, now - link.since))}`
    case "earlier":
      return behind === undefined ? "one before it" : `${behind}, before it`
    case "retry":
      return `its next try ${until(now, next)}${last_error === undefined ? "" : `: ${last_error}`}`
    case "turn":
      return "its turn"
    case "broker":
      return "the broker's answer"
    case "recipient":
      return "the recipient's machine"
    default:
      return endWord(entry)
  }
}

function endWord({ reason, superseded_by }: OutboxEntry): string {
  return superseded_by === undefined ? reason ?? "" : `sent again as ${superseded_by}`
}
