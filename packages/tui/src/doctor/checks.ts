/**
 * The table of checks, and how they are run: at once, each for a while, and none can end the others.
 *
 * @module
 */
import { Cause, Effect, type FileSystem, Predicate } from "effect"
import type { ChildProcessSpawner } from "effect/process"
import { brokers } from "./broker_check.ts"
import { claude } from "./claude_check.ts"
import { daemon } from "./daemon_check.ts"
import { database } from "./database_check.ts"
import { failed, type Finding } from "./finding.ts"
import { home } from "./home_check.ts"
import { inbound } from "./inbound_check.ts"
import { keys } from "./keys_check.ts"
import type { Machine } from "./machine.ts"
import { hooks, plugin } from "./plugin_check.ts"
import { roundTrip } from "./round_trip_check.ts"
import { runtime } from "./runtime_check.ts"
import { sandbox } from "./sandbox_check.ts"
import { held, sessions } from "./sessions_check.ts"

/** How long a check may take. */
const CHECK_SECONDS_MAX = 5

type Around = Machine | FileSystem.FileSystem | ChildProcessSpawner.ChildProcessSpawner

/** One check. It finds one thing or, where it looks at several, one for each. */
export interface Check {
  readonly id: string
  readonly title: string
  readonly run: Effect.Effect<ReadonlyArray<Finding>, Error, Around>
}

/** What a check found; `id` is the check's, with what it is about behind a slash. */
export interface Checked extends Finding {
  readonly id: string
  readonly check: string
  readonly title: string
}

/** The table, in the order in which things are repaired: what is above is needed by what is below. */
export const checks: ReadonlyArray<Check> = [
  { id: "runtime", title: "runtime", run: runtime },
  { id: "home", title: "home", run: home },
  { id: "daemon", title: "daemon", run: daemon },
  { id: "database", title: "database", run: database },
  { id: "keys", title: "keys", run: keys },
  { id: "broker", title: "broker", run: brokers },
  { id: "round_trip", title: "round trip", run: roundTrip },
  { id: "claude", title: "Claude Code", run: claude },
  { id: "plugin", title: "plugin", run: plugin },
  { id: "hooks", title: "hooks", run: hooks },
  { id: "inbound", title: "inbound", run: inbound },
  { id: "sandbox", title: "sandbox", run: sandbox },
  { id: "sessions", title: "sessions", run: sessions },
  { id: "held", title: "held", run: held }
]

/** Runs checks at once; answers in the order of the table. */
export const runChecks = Effect.fn("runChecks")(function*(rows: ReadonlyArray<Check>) {
  const found = yield* Effect.forEach(rows, runCheck, { concurrency: "unbounded" })
  return found.flat()
})

const runCheck = Effect.fnUntraced(function*({ id, run, title }: Check) {
  const found = yield* run.pipe(
    Effect.timeoutOrElse({
      duration: `${CHECK_SECONDS_MAX} seconds`,
      orElse: () => Effect.succeed([failed(`did not end within ${CHECK_SECONDS_MAX} s`, LOOK)])
    }),
    Effect.catchCause((cause) => Effect.succeed([brokenFinding(cause)]))
  )
  return found.map((finding) => checked({ id, title }, finding))
})

function checked({ id, title }: Pick<Check, "id" | "title">, finding: Finding): Checked {
  const { of } = finding
  const names = of === undefined ? { id, title } : { id: `${id}/${of}`, title: `${title} ${of}` }
  return { ...finding, ...names, check: id }
}

const LOOK = {
  cmd: "claudemesh doctor --bundle",
  why: "gather what a person needs who looks into it"
}

function brokenFinding(cause: Cause.Cause<unknown>): Finding {
  const error = Cause.squash(cause)
  return failed(
    `cannot be looked at: ${Predicate.isError(error) ? error.message : String(error)}`,
    LOOK
  )
}
