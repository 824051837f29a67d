/**
 * `claudemesh outbox list`: what is on its way, and why it waits.
 *
 * @module
 */
import { type Refused, refused } from "@claudemesh/protocol/errors"
import { type OutboxEntry, type OutboxState, pageSizes } from "@claudemesh/protocol/local_api"
import { Effect, Option } from "effect"
import { Command, Flag } from "effect/cli"
import { given, limitFlag } from "../../flags.ts"
import { Mesh, meshRef } from "../../global_flags.ts"
import { homeWarnings } from "../../home_warnings.ts"
import { LocalDaemon } from "../../local_daemon.ts"
import { type NextStep, Output } from "../../output.ts"
import { isFailed, outboxList } from "../../reports/outbox.ts"
import { outboxWord, typedStates } from "../../reports/outbox_words.ts"
import { declared } from "../../verb.ts"

export const list = Command.make(
  "list",
  {
    state: Flag.ChoiceWithValue("state", typedStates).pipe(
      Flag.withDescription("Only what is in that state (default: what is on its way)"),
      Flag.optional
    ),
    all: Flag.Boolean("all").pipe(
      Flag.withDescription("In any state, also what has arrived"),
      Flag.withDefault(false)
    ),
    limit: limitFlag(pageSizes.outbox)
  },
  Effect.fn("outbox.list")(function*({ all, limit, state }) {
    if (all && Option.isSome(state)) return yield* allAndOne(state.value)
    const daemon = yield* (yield* LocalDaemon).started
    const of = meshRef(yield* Mesh)
    const query = { ...of, limit, ...(all && { all }), ...given({ state }) }
    const { failed, items, more } = yield* daemon.outbox.list({ query })
    const asked = { ...of, ...(all ? { state: "any" as const } : given({ state })) }
    yield* (yield* Output).print(outboxList, { items, page: { ...asked, more, failed } }, {
      warnings: yield* homeWarnings(daemon),
      next: nextOf(items)
    })
  })
).pipe(
  declared({
    description: "List what is on its way, the newest last, and what each message waits for",
    examples: [
      { command: "claudemesh outbox list", description: "What is on its way" },
      {
        command: "claudemesh outbox list --state rejected",
        description: "What was refused for good"
      },
      {
        command: "claudemesh outbox list --all --json id,outbox_state",
        description: "For a program"
      }
    ],
    report: outboxList
  })
)

/** What is to be done about the first that has failed, else where the first is told whole. */
function nextOf(items: ReadonlyArray<OutboxEntry>): ReadonlyArray<NextStep> {
  const failed = items.find(isFailed)
  if (failed !== undefined) {
    return [{ cmd: `claudemesh outbox requeue ${failed.id}`, why: "send it once more" }]
  }
  return items.slice(0, 1).map(({ id }) => ({
    cmd: `claudemesh outbox show ${id}`,
    why: "all of it"
  }))
}

function allAndOne(state: OutboxState): Refused {
  return refused(
    "usage",
    `Cannot list messages in any state and only those in one: give --all or --state ${
      outboxWord(state)
    }`
  )
}
