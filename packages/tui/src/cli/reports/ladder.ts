/**
 * How far a sent message is, in words: the ladder of each recipient's device with its times, and the sum of them.
 *
 * @module
 */
import { isArrived, type MessageState, type RecipientStatus } from "@claudemesh/protocol/local_api"
import { type Page, table, type Tone } from "../page.ts"
import { duration, rfc3339 } from "../times.ts"

/** How a state stands out. */
export const STATE_TONES = {
  queued: "warning",
  admitted: undefined,
  inboxed: "good",
  held: "warning",
  surfaced: "good",
  in_context: "good",
  answered: "good",
  rejected: "bad",
  expired: "bad",
  aborted: "bad"
} as const satisfies Record<MessageState, Tone | undefined>

/** The stages that a message goes through, in their order; each has a place, reached or not. */
const STAGES: ReadonlyArray<MessageState> = [
  "queued",
  "admitted",
  "inboxed",
  "surfaced",
  "in_context",
  "answered"
]

const SEEN: ReadonlySet<MessageState> = new Set(["surfaced", "in_context", "answered"])
const ENDED: ReadonlySet<MessageState> = new Set(["rejected", "expired", "aborted"])

/** A state in the words a person reads; the check marks stand from where an agent had it. */
export function stateWord(state: MessageState, reason?: string): string {
  const word = wordOf(state)
  const said = reason === undefined || reason === state ? word : `${word} (${reason})`
  return SEEN.has(state) ? `✓✓ ${said}` : said
}

function wordOf(state: MessageState): string {
  return state === "in_context" ? "in context" : state
}

/** How far it is with one recipient. */
type Progress = Pick<RecipientStatus, "state" | "reason" | "carrier" | "held_because">

/** Why it ended or waits there, or by what it reached the agent. */
function detailOf({ carrier, held_because, reason }: Progress): string | undefined {
  return reason ?? held_because ?? carrier
}

/** What holds for a message as a whole: "inboxed", or of several "inboxed 3 of 5, admitted 2". */
export function sumWord(
  { recipients, state }: {
    readonly state: MessageState
    readonly recipients: ReadonlyArray<Progress>
  }
): string {
  const [only, ...others] = recipients
  if (only === undefined) return stateWord(state)
  if (others.length === 0) return stateWord(state, detailOf(only))
  const arrived = recipients.filter(({ state }) => isArrived(state)).length
  const rest = Map.groupBy(
    recipients.filter(({ state }) => !isArrived(state)),
    (recipient) => stateWord(recipient.state, detailOf(recipient))
  )
  return [
    `inboxed ${arrived} of ${recipients.length}`,
    ...[...rest].map(([word, those]) => `${word} ${those.length}`)
  ].join(", ")
}

interface Rung {
  readonly name: string
  readonly state: MessageState
  readonly reason?: string | undefined
  readonly at?: number
  readonly after?: number
}

/** A row for each stage of each recipient: when it was reached, and how long after the first; or not yet. */
export function ladderText(recipients: ReadonlyArray<RecipientStatus>, page: Page): string {
  const rungs = recipients.flatMap((recipient) => rungsOf(recipient, page))
  return table(page, [
    { title: "TO", cell: ({ name }) => name },
    {
      title: "STATE",
      // The marks are for what was reached.
      cell: ({ at, reason, state }) => at === undefined ? wordOf(state) : stateWord(state, reason),
      tone: ({ at, state }) => at === undefined ? "dim" : STATE_TONES[state]
    },
    { title: "AT", cell: ({ at, state }) => at === undefined ? unreached(state) : rfc3339(at) },
    { title: "AFTER", cell: ({ after }) => after === undefined ? "" : `+${elapsed(after)}` }
  ], rungs)
}

/** What an agent does with a message is known only where one tells; a person who reads it tells nobody. */
function unreached(state: MessageState): string {
  return SEEN.has(state) ? "not reported" : "not yet"
}

/** Programs are told what was reached; to people each stage that may follow shows its place. */
function rungsOf(recipient: RecipientStatus, page: Page): ReadonlyArray<Rung> {
  const { name, state, steps } = recipient
  const [first] = steps
  const reached = steps.map((step, index): Rung => ({
    name: page.plain || index === 0 ? name : "",
    state: step.state,
    reason: index === steps.length - 1 ? detailOf(recipient) : undefined,
    at: step.at,
    ...(index === 0 || first === undefined ? {} : { after: step.at - first.at })
  }))
  if (page.plain || ENDED.has(state)) return reached
  const highest = Math.max(...steps.map(({ state }) => STAGES.indexOf(state)))
  return [...reached, ...STAGES.slice(highest + 1).map((state): Rung => ({ name: "", state }))]
}

/** A time between two steps: most are short. */
function elapsed(millis: number): string {
  return millis < 10_000 ? `${millis} ms` : duration(millis)
}
