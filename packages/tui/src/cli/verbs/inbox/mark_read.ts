/**
 * `claudemesh inbox mark-read`: marks messages as read that were read elsewhere, or that nobody will read.
 *
 * @module
 */
import type { Daemon } from "@claudemesh/daemon"
import { type Refused, refused } from "@claudemesh/protocol/errors"
import { Effect, Schema } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import { fromFlag, given } from "../../flags.ts"
import { Mesh, meshRef } from "../../global_flags.ts"
import { LocalDaemon } from "../../local_daemon.ts"
import { markRead } from "../../marking.ts"
import { Output } from "../../output.ts"
import { counted } from "../../page.ts"
import { itemReport } from "../../report.ts"
import { declared } from "../../verb.ts"

const Marked = Schema.Struct({
  /** How many were unread. */
  changed: Schema.Int
})

/** `inbox.marked` */
const inboxMarked = itemReport({
  kind: "inbox.marked",
  schema: Marked,
  fields: Object.keys(Marked.fields),
  text: ({ changed }, { plain }) =>
    plain ? String(changed) : `Marked ${counted(changed, "message")} as read`
})

export const markReadVerb = Command.make(
  "mark-read",
  {
    ids: Argument.String("id").pipe(
      Argument.withDescription("Messages: ids, or prefixes of 6 or more"),
      Argument.variadic()
    ),
    all: Flag.Boolean("all").pipe(
      Flag.withDescription("All there are now; with --from, all of that peer"),
      Flag.withDefault(false)
    ),
    from: fromFlag
  },
  Effect.fn("inbox.mark-read")(function*({ all, from, ids }) {
    const isNamed = ids.length > 0
    if (isNamed === all) return yield* unclear()
    const daemon = yield* (yield* LocalDaemon).started
    const of = { ...meshRef(yield* Mesh), ...given({ from }) }
    const changed = all
      ? (yield* daemon.messages.readAll({ payload: of })).changed
      : yield* markRead(daemon, yield* Effect.forEach(ids, (id) => received(daemon, id, of)))
    yield* (yield* Output).print(inboxMarked, { changed })
  })
).pipe(
  declared({
    description: "Mark messages as read",
    examples: [
      { command: "claudemesh inbox mark-read 0199f3a2", description: "This one" },
      { command: "claudemesh inbox mark-read --all --from ci", description: "Whatever ci wrote" }
    ],
    report: inboxMarked
  })
)

/** Whose messages are meant. */
interface Whose {
  readonly mesh?: string
  readonly from?: string
}

/** The received message of that id. */
const received = Effect.fnUntraced(function*(daemon: Daemon["Service"], id: string, of: Whose) {
  const query = { ...of, direction: "received" } as const
  const message = yield* daemon.messages.show({ params: { id }, query })
  return message.direction === "received" ? message : yield* notReceived(id)
})

function notReceived(id: string): Refused {
  return refused("message_not_found", `Cannot mark message "${id}" as read: it was sent from here`)
}

function unclear(): Refused {
  return refused(
    "usage",
    "Cannot tell what to mark as read: give ids, or --all, either with or without --from"
  )
}
