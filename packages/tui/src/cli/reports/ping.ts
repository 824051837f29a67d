/**
 * The report of pings: how long each leg of the way took, and how far the ping got that was not answered.
 *
 * @module
 */
import { PingLeg, PingReport } from "@claudemesh/protocol/local_api"
import { Schema } from "effect"
import { type Column, type Page, table, toned } from "../page.ts"
import { listReport } from "../report.ts"
import { duration, Time } from "../times.ts"

/** The way of a ping: to the daemon of this machine first. */
const Leg = Schema.Literals(["daemon", ...PingLeg.literals])
type Leg = typeof Leg.Type

/** One ping to one device. */
const Pinged = Schema.Struct({
  ...PingReport.fields,
  /** Which of the pings it is, from 1. */
  number: Schema.Int,
  since: Schema.optionalKey(Time),
  legs: Schema.Array(Schema.Struct({ leg: Leg, ms: Schema.Finite })),
  answered: Schema.Boolean
})
export type Pinged = typeof Pinged.Type

/** What a leg that was gone through has reached. */
const REACHED: Readonly<Record<Leg, string>> = {
  daemon: "the daemon of this machine",
  broker: "the broker, which answers",
  admitted: "the broker, which has it",
  answered: "its daemon"
}

const columns: ReadonlyArray<Column<Pinged>> = [
  { title: "TO", cell: ({ name }) => name, tone: () => "bold" },
  ...Leg.literals.map((leg) => ({
    title: leg.toUpperCase(),
    cell: (ping: Pinged) => millis(ping, leg)
  }))
]

function textOfPings(pings: ReadonlyArray<Pinged>, page: Page): string {
  const result: Column<Pinged> = {
    title: "",
    cell: (ping) => resultOf(ping, page),
    tone: ({ answered }) => answered ? "good" : "bad"
  }
  const rows = table(page, [...columns, result], pings)
  return page.plain || pings.length < 2
    ? rows
    : `${rows}\n\n${toned(page, summaryOf(pings), "dim")}`
}

/** One ping in a line, as it is noted while others are to follow. */
export function lineOf(ping: Pinged, page: Page): string {
  return `${ping.name}: ${resultOf(ping, page)}`
}

function resultOf(ping: Pinged, { now }: Page): string {
  const { failure, legs, since, state } = ping
  if (failure === undefined) return `answered, ${shown(thereAndBack(ping))} there and back`
  const last = legs.at(-1)
  const far = last === undefined ? "" : `; it got as far as ${REACHED[last.leg]}`
  const isAway = state === "away" || state === "gone"
  const away = isAway && since !== undefined
    ? `; its machine has been ${state} for ${duration(Math.max(0, now - since))}`
    : ""
  return `${failure.message}${far}${away}`
}

function summaryOf(pings: ReadonlyArray<Pinged>): string {
  const times = pings.filter(({ answered }) => answered).map(thereAndBack).toSorted((a, b) => a - b)
  const said = `${times.length} of ${pings.length} answered`
  const [least, median, most] = [times[0], times[Math.floor(times.length / 2)], times.at(-1)]
  return least === undefined || median === undefined || most === undefined
    ? said
    : `${said}; there and back ${shown(median)} (${shown(least)} to ${shown(most)})`
}

/** What a message takes to the other side, and word of it back: the broker's own answer is beside the way. */
function thereAndBack({ legs }: Pinged): number {
  return legs.reduce(
    (sum, { leg, ms }) => leg === "admitted" || leg === "answered" ? sum + ms : sum,
    0
  )
}

function millis({ legs }: Pinged, wanted: Leg): string {
  const found = legs.find(({ leg }) => leg === wanted)
  return found === undefined ? "-" : shown(found.ms)
}

function shown(ms: number): string {
  return ms < 100 ? `${ms.toFixed(1)} ms` : `${Math.round(ms)} ms`
}

/** `ping.list` */
export const pingList = listReport({
  kind: "ping.list",
  schema: Pinged,
  fields: Object.keys(Pinged.fields),
  text: ({ items }, page) => textOfPings(items, page)
})
