/**
 * The session that is meant by a name, or by the beginning of an id, so that it can be resumed.
 *
 * One that runs has its name to itself. Of those that have ended several may have had it: then the
 * directory decides, because an agent goes on with a conversation where it was held, and else nobody does.
 *
 * @module
 */
import { type Refused, refused } from "@claudemesh/protocol/errors"
import type { Session } from "@claudemesh/protocol/local_api"
import { Clock, Effect } from "effect"
import { LocalDaemon } from "../cli/local_daemon.ts"
import { ago } from "../cli/times.ts"
import type { Agent } from "./agents.ts"
import { nearest } from "./nearest.ts"

/** How much of an id is enough. */
const PREFIX_CHARACTERS_MIN = 6

/** How many of those that may be meant are named. */
const NAMED_MAX = 5

/** What is typed, for which agent, and where. */
interface Wanted {
  readonly typed: string
  readonly agent: Pick<Agent, "id" | "title">
  readonly cwd: string
}

/** The id of the session; refused with those that may be meant where it is none, or one of several. */
export const knownSession = Effect.fn("knownSession")(function*(wanted: Wanted) {
  const { sessions } = yield* (yield* LocalDaemon).started
  const { items: live } = yield* sessions.list({})
  const { items: ended } = yield* sessions.ended({})
  const known = [...live, ...ended].filter(({ agent = wanted.agent.id }) =>
    agent === wanted.agent.id
  )
  const found = meant(known, wanted)
  const [first, ...others] = found
  if (first === undefined) return yield* unknown(known, wanted)
  if (others.length === 0) return first.id
  return yield* ambiguous(found, { wanted, now: yield* Clock.currentTimeMillis })
})

function meant(known: ReadonlyArray<Session>, { cwd, typed }: Wanted): ReadonlyArray<Session> {
  const wanted = typed.trim().toLowerCase()
  const named = known.filter(({ name }) => name === wanted)
  if (named.length === 0 && wanted.length >= PREFIX_CHARACTERS_MIN) {
    return known.filter(({ id }) => id.startsWith(wanted))
  }
  const running = named.filter(({ ended_at }) => ended_at === undefined)
  const here = named.filter((session) => session.cwd === cwd)
  return [running, here].find(({ length }) => length > 0) ?? named
}

function unknown(
  known: ReadonlyArray<Session>,
  { agent, typed }: Wanted
): Effect.Effect<never, Refused> {
  const names = [...new Set(known.map(({ name }) => name))]
  const message = `Cannot resume "${typed}": no session of ${agent.title} has that name or id`
  const candidates = nearest(typed, names).slice(0, NAMED_MAX)
  return Effect.fail(
    refused("session_not_found", message, candidates.length > 0 ? { candidates } : {})
  )
}

function ambiguous(
  found: ReadonlyArray<Session>,
  { now, wanted: { typed } }: { readonly wanted: Wanted; readonly now: number }
): Effect.Effect<never, Refused> {
  const message = `Cannot resume "${typed}": ${found.length} sessions are meant by it; give an id`
  const candidates = found.slice(0, NAMED_MAX).map(({ cwd, ended_at, id }) =>
    `${id} (${ended_at === undefined ? "runs" : `ended ${ago(now, ended_at)}`} in ${cwd})`
  )
  return Effect.fail(refused("ambiguous_name", message, { candidates }))
}
