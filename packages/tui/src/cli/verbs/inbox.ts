/**
 * `claudemesh inbox`: what has arrived.
 *
 * What a person at a terminal was shown is read from then on. A program has to say so (`--mark-read`), as it may
 * have printed what nobody saw.
 *
 * @module
 */
import { Effect, Option } from "effect"
import { Command, Flag } from "effect/cli"
import { Mesh, meshRef } from "../global_flags.ts"
import { LocalDaemon } from "../local_daemon.ts"
import { Output } from "../output.ts"
import { inboxList } from "../reports/message.ts"
import { declared } from "../verb.ts"

const LIMIT_DEFAULT = 20

export const inbox = Command.make(
  "inbox",
  {
    unread: Flag.Boolean("unread").pipe(
      Flag.withDescription("Only what was not read"),
      Flag.withDefault(false)
    ),
    limit: Flag.Int("limit").pipe(
      Flag.withDescription(`The newest so many (default: ${LIMIT_DEFAULT})`),
      Flag.filter((limit) => limit > 0, (limit) => `Expected 1 or more, got ${limit}`),
      Flag.withDefault(LIMIT_DEFAULT)
    ),
    keep_unread: Flag.Boolean("keep-unread").pipe(
      Flag.withDescription("Leave what is shown unread (default when stdout is no terminal)"),
      Flag.withDefault(false)
    ),
    mark_read: Flag.Boolean("mark-read").pipe(
      Flag.withDescription("Mark what is shown as read (default at a terminal)"),
      Flag.withDefault(false)
    )
  },
  Effect.fn("inbox")(function*({ keep_unread, limit, mark_read, unread }) {
    const output = yield* Output
    const daemon = yield* (yield* LocalDaemon).started
    const query = { ...meshRef(yield* Mesh), limit, ...(unread && { unread }) }
    const found = yield* daemon.messages.inbox({ query })
    const newest = Option.fromUndefinedOr(found.items.at(-1))
    yield* output.print(inboxList, {
      items: found.items,
      page: { unread: found.unread, more: found.more }
    }, {
      next: Option.match(newest, {
        onNone: () => [],
        onSome: ({ from, id }) => [
          { cmd: `claudemesh send ${from} --reply-to ${id} "…"`, why: "answer the newest" }
        ]
      })
    })
    const byPerson = (yield* output.page).interactive && !output.json
    const ids = found.items.filter(({ read }) => !read).map(({ id }) => id)
    if ((mark_read || byPerson) && !keep_unread && ids.length > 0) {
      yield* daemon.messages.read({ payload: { ids } })
    }
  })
).pipe(
  declared({
    description: "Show what has arrived, the newest last",
    examples: [
      { command: "claudemesh inbox --unread", description: "What is new" },
      { command: "claudemesh inbox --json from,subject,text", description: "For a program" }
    ],
    report: inboxList
  })
)
