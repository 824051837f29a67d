/**
 * The agent run that a verb is about.
 *
 * @module
 */
import type { Daemon } from "@claudemesh/daemon"
import { type Refused, refused } from "@claudemesh/protocol/errors"
import type { Session } from "@claudemesh/protocol/local_api"
import { Effect } from "effect"
import { Argument } from "effect/cli"

/** A name, or the beginning of an id. */
export const sessionArgument = Argument.String("session").pipe(
  Argument.withDescription("An agent that runs here: its name, or a prefix of 6 or more of its id")
)

/** The one that is meant; refused where none of them is. */
export const running = Effect.fnUntraced(function*(daemon: Daemon["Service"], typed: string) {
  const { items } = yield* daemon.sessions.list({})
  const wanted = typed.toLowerCase()
  const found = items.find(({ name }) => name === wanted) ??
    items.find(({ id }) => wanted.length >= 6 && id.startsWith(wanted))
  return found ?? (yield* notThere(typed, items))
})

function notThere(typed: string, items: ReadonlyArray<Session>): Effect.Effect<never, Refused> {
  return Effect.fail(refused("session_not_found", `No agent "${typed}" runs here`, {
    candidates: items.map(({ name }) => name)
  }))
}
