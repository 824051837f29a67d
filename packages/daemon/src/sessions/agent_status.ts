/**
 * What an agent is doing, as arithmetic: who is believed, and for how long.
 *
 * Hooks of the agent know best, then a person, then what the agent writes into a file. The numbers are
 * those that people know from the earlier claudemesh: a lesser source does not overrule a better one
 * for 30 seconds, and an agent of which nothing is heard for 60 seconds works no more. What a person
 * says of not being disturbed stands until a person takes it back.
 *
 * @module
 */
import type { AgentStatus, StatusSource } from "@claudemesh/protocol"

/** What was said, by whom, and when. */
export interface StatusRecord {
  readonly status: AgentStatus
  readonly source: StatusSource
  readonly at: number
}

const FRESH_MILLIS = 30_000
const WORKING_MILLIS = 60_000

/** The most trusted first. */
const TRUST: ReadonlyArray<StatusSource> = ["hook", "manual", "file"]

/** What holds once something new is said; the old record itself where that is not believed. */
export function revisedStatus(known: StatusRecord, said: StatusRecord): StatusRecord {
  if (said.status === "dnd") return said.source === "manual" ? said : known
  if (known.status === "dnd") return said.source === "manual" ? said : known
  const isBetter = TRUST.indexOf(said.source) <= TRUST.indexOf(known.source)
  const age = said.at - known.at
  // A clock that was set back makes nothing fresh for longer.
  const isFresh = age >= 0 && age < FRESH_MILLIS
  return isBetter || !isFresh ? said : known
}

/** What the agent is doing now. */
export function statusAt({ at, status }: StatusRecord, now: number): AgentStatus {
  return status === "working" && now - at >= WORKING_MILLIS ? "idle" : status
}
