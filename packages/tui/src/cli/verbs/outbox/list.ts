/**
 * `claudemesh outbox list`: what is on its way, and why it waits.
 *
 * @module
 */
import { OutboxState } from "@claudemesh/protocol/local_api"
import { Effect } from "effect"
import { Command, Flag } from "effect/cli"
import { given, limitFlag } from "../../flags.ts"
import { Mesh, meshRef } from "../../global_flags.ts"
import { LocalDaemon } from "../../local_daemon.ts"
import { Output } from "../../output.ts"
import { outboxList } from "../../reports/outbox.ts"
import { declared } from "../../verb.ts"

const LIMIT_DEFAULT = 50

export const list = Command.make(
  "list",
  {
    state: Flag.Literals("state", OutboxState.literals).pipe(
      Flag.withDescription("Only what is in that state (default: what is on its way)"),
      Flag.optional
    ),
    all: Flag.Boolean("all").pipe(
      Flag.withDescription("In any state, also what has arrived"),
      Flag.withDefault(false)
    ),
    limit: limitFlag(LIMIT_DEFAULT)
  },
  Effect.fn("outbox.list")(function*({ all, limit, state }) {
    const daemon = yield* (yield* LocalDaemon).started
    const query = { ...meshRef(yield* Mesh), limit, ...(all && { all }), ...given({ state }) }
    const { failed, items, more } = yield* daemon.outbox.list({ query })
    const over = items.find(({ waits_for }) => waits_for === undefined)
    const next = over === undefined || over.outbox_state === "delivered"
      ? items.slice(0, 1).map(({ id }) => ({
        cmd: `claudemesh outbox show ${id}`,
        why: "all of it"
      }))
      : [{ cmd: `claudemesh outbox requeue ${over.id}`, why: "send it once more" }]
    yield* (yield* Output).print(outboxList, { items, page: { more, failed } }, { next })
  })
).pipe(
  declared({
    description: "List what is on its way, the newest last, and what each message waits for",
    examples: [
      { command: "claudemesh outbox list", description: "What is on its way" },
      {
        command: "claudemesh outbox list --state dead",
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
