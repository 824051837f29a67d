/**
 * How far a message is, as arithmetic: which state follows which, and what several recipients add up to.
 *
 * @module
 */
import { isArrived, type MessageState } from "@claudemesh/protocol/local_api"

export { isArrived } from "@claudemesh/protocol/local_api"

/** The ladder, lowest first; a later state implies the earlier ones. */
const LADDER: ReadonlyArray<MessageState> = [
  "queued",
  "admitted",
  "inboxed",
  "held",
  "surfaced",
  "in_context",
  "answered"
]

/** Side exits: nothing follows them but proof that the message arrived after all. */
const EXITS: ReadonlySet<MessageState> = new Set(["rejected", "expired", "aborted"])

function rank(state: MessageState): number {
  return EXITS.has(state) ? LADDER.indexOf("admitted") + 0.5 : LADDER.indexOf(state)
}

/** Whether evidence of `next` moves a recipient on from `state`. */
export function advances(state: MessageState, next: MessageState): boolean {
  return rank(next) > rank(state)
}

/** Whether a stage is told after the answer: that may be faster than what the reading before it leaves behind. */
export function isLate(state: MessageState, stage: MessageState): boolean {
  return state === "answered" && stage !== "answered" && !EXITS.has(stage)
}

/** Orders steps by their time; those of one moment by the ladder. */
export function inOrder<Step extends { readonly state: MessageState; readonly at: number }>(
  steps: ReadonlyArray<Step>
): ReadonlyArray<Step> {
  return steps.toSorted((one, other) => one.at - other.at || rank(one.state) - rank(other.state))
}

/** Whether it has arrived, or has ended otherwise. */
export function isSettled(state: MessageState): boolean {
  return EXITS.has(state) || isArrived(state)
}

/** What holds for every recipient: the state of the one that is least far. */
export function leastOf(states: ReadonlyArray<MessageState>): MessageState {
  return states.reduce(
    (least, state) => (rank(state) < rank(least) ? state : least),
    states[0] ?? "queued"
  )
}
