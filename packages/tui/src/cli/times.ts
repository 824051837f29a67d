/**
 * Times and durations as people and programs read them: RFC 3339 for programs, "2m ago" for people.
 *
 * @module
 */
import { Option, Schema, SchemaGetter } from "effect"

/** A time: milliseconds here, RFC 3339 in UTC outside. */
export const Time = Schema.Int.pipe(
  Schema.encodeTo(Schema.String, {
    decode: SchemaGetter.transform((text: string) => Date.parse(text)),
    encode: SchemaGetter.transform(rfc3339)
  })
)

const UNIT_MILLIS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const
const UNITS = ["d", "h", "m", "s"] as const

/** RFC 3339 in UTC. */
export function rfc3339(millis: number): string {
  // oxlint-disable-next-line effecttsgo/global-date -- it writes a time that is given, and asks no clock
  return new Date(millis).toISOString()
}

/** How long ago: "2m ago". What a skewed clock puts into the future is "now". */
export function ago(now: number, at: number): string {
  const passed = now - at
  return passed < 1_000 ? "now" : `${duration(passed)} ago`
}

/** In how long: "in 23h"; what has passed is "over". */
export function until(now: number, at: number): string {
  return at <= now ? "over" : `in ${duration(at - now)}`
}

/** A duration in its largest unit: "23h". */
export function duration(millis: number): string {
  const unit = UNITS.find((unit) => millis >= UNIT_MILLIS[unit])
  return unit === undefined
    ? `${Math.round(millis)}ms`
    : `${Math.floor(millis / UNIT_MILLIS[unit])}${unit}`
}

/** Reads a duration such as "90s", "24h" or "7d"; nothing if it is none, or zero. */
export function parseDuration(text: string): Option.Option<number> {
  const [, count = "", unit = ""] = /^(\d{1,9})(ms|s|m|h|d)$/.exec(text.trim()) ?? []
  const unitMillis = isUnit(unit) ? UNIT_MILLIS[unit] : 0
  const millis = Number(count) * unitMillis
  return millis > 0 ? Option.some(millis) : Option.none()
}

function isUnit(text: string): text is keyof typeof UNIT_MILLIS {
  return Object.hasOwn(UNIT_MILLIS, text)
}
