/**
 * The sum of a chaos run, as a person reads it.
 *
 * @module
 */
import { eventsOf, type History, nameOf, type Violation } from "@claudemesh/testkit/simulation"
import type { Fault } from "./plan.ts"
import type { ChaosRun } from "./run.ts"

/** What went wrong: promises that were broken, processes that crashed, messages that nobody would take. */
export function failuresOf(
  run: ChaosRun,
  violations: ReadonlyArray<Violation>
): ReadonlyArray<string> {
  const broken = violations.map(({ at, guarantee, what }) =>
    `${guarantee} at ${(at / 1_000).toFixed(3)} s: ${what}`
  )
  const refused = run.asked - run.accepted
  return [
    ...broken,
    ...run.crashes,
    ...(refused > 0 ? [`${refused} of ${run.asked} messages were never accepted`] : [])
  ]
}

/** The closing table, a line each. */
export function summaryOf(run: ChaosRun, failures: ReadonlyArray<string>): ReadonlyArray<string> {
  const rows = [
    ...[...Map.groupBy(run.strikes, ({ fault }) => nameOfFault(fault))]
      .toSorted(([one], [other]) => one.localeCompare(other, "en"))
      .map(([name, { length }]) => [name, String(length)]),
    ["messages accepted", `${run.accepted} of ${run.asked}`],
    ["delivered", String(deliveredIn(run.history))],
    ["caught by a kill", caughtText(run.history)],
    ["delay, all along", delaysText(delays(run.history, 0))],
    ["delay, after all had healed", delaysText(delaysAfterHeal(run.history))],
    ["violations", String(failures.length)]
  ]
  const width = Math.max(...rows.map(([name = ""]) => name.length))
  return rows.map(([name = "", value = ""]) => `${name.padEnd(width)}  ${value}`)
}

function nameOfFault(fault: Fault): string {
  switch (fault.kind) {
    case "kill":
      return fault.victim === "broker" ? "kill -9 of the broker" : "kill -9 of a daemon"
    case "wipe":
      return "kill -9 of the broker, store wiped"
    case "freeze":
      return fault.victim === "broker" ? "broker frozen" : "daemon frozen"
    case "cut":
      return fault.how === "silent" ? "link half-open" : "link cut"
    case "restart_postgres":
      return `Postgres restarted (${fault.ending})`
    default:
      return `link: ${fault.kind}`
  }
}

/** How far messages were that a kill interrupted: it has to hit every part of their way. */
function caughtText(history: History): string {
  const ways = waysOf(history)
  const counts = [0, 0, 0]
  for (const { at: killed } of eventsOf(history, "killed")) {
    for (const { accepted, admitted, inboxed, signed } of ways) {
      if (accepted > killed || signed <= killed) continue
      const stage = killed < admitted ? 0 : killed < inboxed ? 1 : 2
      counts[stage] = (counts[stage] ?? 0) + 1
    }
  }
  const [queued, admitted, inboxed] = counts
  return `${queued} queued, ${admitted} admitted, ${inboxed} inboxed and not signed for`
}

interface Way {
  readonly accepted: number
  admitted: number
  inboxed: number
  signed: number
}

/** When each message reached each stage first. */
function waysOf(history: History): ReadonlyArray<Way> {
  const ways = new Map<string, Way>()
  const never = { admitted: Infinity, inboxed: Infinity, signed: Infinity }
  function reach(name: string, stage: "admitted" | "inboxed" | "signed", at: number) {
    const way = ways.get(name)
    if (way !== undefined) way[stage] = Math.min(way[stage], at)
  }
  for (const event of history) {
    if (event.type === "accepted") ways.set(nameOf(event), { accepted: event.at, ...never })
    else if (event.type === "admitted") reach(nameOf(event), "admitted", event.at)
    else if (event.type === "inboxed") reach(nameOf(event), "inboxed", event.at)
    else if (event.type === "shown" && event.state === "inboxed") {
      reach(nameOf(event), "signed", event.at)
    }
  }
  return [...ways.values()]
}

function deliveredIn(history: History): number {
  return new Set(eventsOf(history, "inboxed").map((event) => `${nameOf(event)} ${event.device}`))
    .size
}

/** How long what came after the faults took, from when nothing was in its way any more. */
function delaysAfterHeal(history: History): ReadonlyArray<number> {
  const [healed] = eventsOf(history, "healed")
  return healed === undefined ? [] : delays(history, healed.at)
}

/** How long messages that came after a moment took, counted from then at the earliest; the shortest first. */
function delays(history: History, from: number): ReadonlyArray<number> {
  const acceptedAt = new Map(
    eventsOf(history, "accepted").map((event) => [nameOf(event), event.at])
  )
  return eventsOf(history, "inboxed").filter(({ at }) => at >= from)
    .map((event) => event.at - Math.max(from, acceptedAt.get(nameOf(event)) ?? event.at))
    .toSorted((one, other) => one - other)
}

function delaysText(sorted: ReadonlyArray<number>): string {
  if (sorted.length === 0) return "nothing was under way"
  const [p50, p99, most] = [0.5, 0.99, 1].map((part) =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0
  )
  return `p50 ${p50} ms, p99 ${p99} ms, at most ${most} ms, of ${sorted.length}`
}
