/**
 * Flags that several verbs take.
 *
 * @module
 */
import type { PageSize } from "@claudemesh/protocol/local_api"
import { Clock, Effect, Option } from "effect"
import { Flag } from "effect/cli"
import { parseDuration } from "./times.ts"

/** A duration such as `90s`, `24h`, `7d`, in milliseconds. */
export function durationFlag(name: string, description: string) {
  return Flag.String(name).pipe(
    Flag.withMetavar("DURATION"),
    Flag.withDescription(description),
    Flag.filterMap(
      parseDuration,
      (text) => `Expected a duration such as 90s, 24h or 7d, got "${text}"`
    ),
    Flag.optional
  )
}

/** `--limit`: the newest so many. */
export function limitFlag({ max, standard }: PageSize) {
  return Flag.Int("limit").pipe(
    Flag.withDescription(`The newest so many, 1 to ${max} (default: ${standard})`),
    Flag.filter(
      (limit) => limit > 0 && limit <= max,
      (limit) => `Expected 1 to ${max}, got ${limit}`
    ),
    Flag.withDefault(standard)
  )
}

/** `--from`: whose messages. */
export const fromFlag = Flag.String("from").pipe(
  Flag.withMetavar("PEER"),
  Flag.withDescription(
    "Only what that peer wrote: name, name@device, or an id prefix of 6 or more"
  ),
  Flag.optional
)

/** The part of a request that says since when; nothing where it was not asked for. */
export function sinceRef(ago: Option.Option<number>): Effect.Effect<{ readonly since?: number }> {
  return Option.match(ago, {
    onNone: () => Effect.succeed({}),
    onSome: (millis) =>
      Effect.map(Clock.currentTimeMillis, (now) => ({ since: Math.max(0, now - millis) }))
  })
}

/** A host and a port: `127.0.0.1:7843`, `[::1]:7843`; port 0 takes any that is free. */
export function listenFlag(description: string) {
  return Flag.String("listen").pipe(
    Flag.withMetavar("HOST:PORT"),
    Flag.withDescription(description),
    Flag.filterMap(parseListen, (text) => `Expected HOST:PORT, got "${text}"`),
    Flag.optional
  )
}

/** Where a server listens. */
export interface Listen {
  readonly host: string
  readonly port: number
}

/** Reads HOST:PORT. */
export function parseListen(text: string): Option.Option<Listen> {
  const [, bracketed, plain, digits = ""] =
    /^(?:\[([0-9a-fA-F:.]+)\]|([^[\]:\s/]+)):(\d{1,5})$/.exec(text) ?? []
  const host = bracketed ?? plain
  const port = Number(digits)
  return host === undefined || port > 65_535 ? Option.none() : Option.some({ host, port })
}

/** The members of a request that were given; the others stay out. */
export function given<Fields extends Readonly<Record<string, Option.Option<unknown>>>>(
  fields: Fields
): Given<Fields> {
  const entries = Object.entries(fields).flatMap(([name, value]) =>
    Option.isSome(value) ? [[name, value.value]] : []
  )
  // What is left has the names and the types of the fields that are there.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return Object.fromEntries(entries) as Given<Fields>
}

type Given<Fields> = {
  readonly [Name in keyof Fields]?: Fields[Name] extends Option.Option<infer Value> ? Value : never
}
