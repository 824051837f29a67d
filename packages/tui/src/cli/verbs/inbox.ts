/**
 * `claudemesh inbox`: what has arrived.
 *
 * What a person at a terminal was shown is read from then on, and nothing that came meanwhile. A program
 * has to say so (`--mark-read`), as it may have printed what nobody saw. What an agent has printed of its own
 * has reached it, and its sender is told.
 *
 * @module
 */
import { type Refused, refused } from "@claudemesh/protocol/errors"
import { type InboxPage, pageSizes } from "@claudemesh/protocol/local_api"
import { Effect, Option } from "effect"
import { Command, Flag } from "effect/cli"
import { durationFlag, fromFlag, given, limitFlag, sinceRef } from "../flags.ts"
import { Mesh, meshRef } from "../global_flags.ts"
import { homeWarnings } from "../home_warnings.ts"
import { LocalDaemon } from "../local_daemon.ts"
import { isReadByPerson, markRead, noteTaken } from "../marking.ts"
import { Output } from "../output.ts"
import { counted } from "../page.ts"
import { inboxList, isListedWhole } from "../reports/message.ts"
import { declared } from "../verb.ts"
import { markReadVerb } from "./inbox/mark_read.ts"

export const inbox = Command.make(
  "inbox",
  {
    unread: Flag.Boolean("unread").pipe(
      Flag.withDescription("Only what was not read"),
      Flag.withDefault(false)
    ),
    from: fromFlag,
    since: durationFlag("since", "Only what came in so long: 1h, 7d"),
    limit: limitFlag(pageSizes.inbox),
    before: Flag.String("before").pipe(
      Flag.withMetavar("ID"),
      Flag.withDescription("Only what came before that message: the page before"),
      Flag.optional
    ),
    keep_unread: Flag.Boolean("keep-unread").pipe(
      Flag.withDescription(
        "Leave what is shown unread, and its senders untold (default of programs that are no agents)"
      ),
      Flag.withDefault(false)
    ),
    mark_read: Flag.Boolean("mark-read").pipe(
      Flag.withDescription("Mark what is shown as read (default at a terminal)"),
      Flag.withDefault(false)
    )
  },
  Effect.fn("inbox")(function*({ before, from, keep_unread, limit, mark_read, since, unread }) {
    if (keep_unread && mark_read) return yield* readAndUnread()
    const output = yield* Output
    const daemon = yield* (yield* LocalDaemon).started
    const query = {
      ...meshRef(yield* Mesh),
      ...given({ from, before }),
      ...(yield* sinceRef(since)),
      limit,
      ...(unread && { unread })
    }
    const found = yield* daemon.messages.inbox({ query })
    const newest = Option.fromUndefinedOr(found.items.at(-1))
    const { items, ...page } = found
    yield* output.print(inboxList, { items, page }, {
      warnings: yield* homeWarnings(daemon),
      next: Option.match(newest, {
        onNone: () => [],
        onSome: ({ from, id }) => [
          { cmd: `claudemesh send ${from} --reply-to ${id} "…"`, why: "answer the newest" }
        ]
      })
    })
    yield* Effect.forEach(heldNotes(found), output.note)
    if (keep_unread) return
    yield* noteTaken(daemon, yield* printedWhole(items))
    if (mark_read || (yield* isReadByPerson)) yield* markRead(daemon, items)
  })
).pipe(
  declared({
    description: "Show what has arrived, the newest last",
    examples: [
      { command: "claudemesh inbox --unread", description: "What is new" },
      { command: "claudemesh inbox --from ada --since 1h", description: "What she wrote lately" },
      { command: "claudemesh inbox --json from,subject,text", description: "For a program" }
    ],
    report: inboxList
  }),
  Command.withSubcommands([markReadVerb])
)

/** What an agent is not shown; it can only tell its user. */
function heldNotes({ held = 0 }: InboxPage): ReadonlyArray<string> {
  if (held === 0) return []
  const wait = held === 1 ? "waits" : "wait"
  return [`${counted(held, "message")} ${wait} for your user: claudemesh held list`]
}

/** Those of which the list shows the whole text. */
const printedWhole = Effect.fnUntraced(function*(items: InboxPage["items"]) {
  const output = yield* Output
  const page = yield* output.page
  return output.json ? items : items.filter((one) => isListedWhole(one, page))
})

function readAndUnread(): Refused {
  return refused(
    "usage",
    "Cannot both mark what is shown as read and leave it unread: give --mark-read or --keep-unread"
  )
}
