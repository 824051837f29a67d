/**
 * `claudemesh held accept` and `claudemesh held drop`: what a human decides of messages that wait for it.
 *
 * @module
 */
import type { Daemon } from "@claudemesh/daemon"
import { type Refused, refused } from "@claudemesh/protocol/errors"
import { Effect } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import { Mesh, meshRef } from "../../global_flags.ts"
import { LocalDaemon } from "../../local_daemon.ts"
import { Output } from "../../output.ts"
import { heldDecided } from "../../reports/held.ts"
import { declared } from "../../verb.ts"
import { heldOf } from "./held_of.ts"

const which = {
  ids: Argument.String("id").pipe(
    Argument.withDescription("Messages: ids, or prefixes of 6 or more"),
    Argument.variadic()
  ),
  all: Flag.Boolean("all").pipe(
    Flag.withDescription("All that wait now"),
    Flag.withDefault(false)
  )
}

interface Which {
  readonly ids: ReadonlyArray<string>
  readonly all: boolean
}

/** The messages that are meant; each id means one. */
const chosen = Effect.fnUntraced(function*(daemon: Daemon["Service"], { all, ids }: Which) {
  if (ids.length > 0 === all) return yield* unclear
  const { items } = yield* daemon.surfacing.held({ query: meshRef(yield* Mesh) })
  const held = all ? items : yield* Effect.forEach(ids, (id) => heldOf(items, id))
  return held.map(({ message: { from_device_id, id, mesh } }) => ({ from_device_id, id, mesh }))
})

const unclear: Effect.Effect<never, Refused> = Effect.suspend(() =>
  Effect.fail(refused("usage", "Cannot tell which messages are meant: give ids, or --all"))
)

export const accept = Command.make(
  "accept",
  which,
  Effect.fn("held.accept")(function*(which) {
    const daemon = yield* (yield* LocalDaemon).started
    const messages = yield* chosen(daemon, which)
    const { changed } = yield* daemon.surfacing.accept({ payload: { messages } })
    yield* (yield* Output).print(heldDecided, { changed, decision: "accepted" })
  })
).pipe(
  declared({
    description: "Let an agent be shown what waits for you",
    examples: [{
      command: "claudemesh held accept 0199f3a2",
      description: "After you have read it"
    }],
    report: heldDecided
  })
)

export const drop = Command.make(
  "drop",
  which,
  Effect.fn("held.drop")(function*(which) {
    const daemon = yield* (yield* LocalDaemon).started
    const messages = yield* chosen(daemon, which)
    const { changed } = yield* daemon.surfacing.drop({ payload: { messages } })
    yield* (yield* Output).print(heldDecided, { changed, decision: "dropped" })
  })
).pipe(
  declared({
    description: "Keep from the agent what waits for you; it stays in the inbox",
    examples: [{ command: "claudemesh held drop --all", description: "All that wait now" }],
    report: heldDecided
  })
)
