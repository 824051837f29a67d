/**
 * Answers for the inbox: its pages, and what was read of it.
 *
 * @module
 */
import { type Refused, refused } from "@claudemesh/protocol"
import { type InboxKey, type InboxPage, pageSizes } from "@claudemesh/protocol/local_api"
import { Effect } from "effect"
import { Inbox } from "../../inbox/inbox.ts"
import { Meshes } from "../../meshes/meshes.ts"
import { type Among, MessageIndex } from "../../messages/message_index.ts"
import { Senders } from "../../messages/senders.ts"
import { Views } from "../views.ts"

/** Messages marked as read at once: more than a page shows. */
const READ_MAX = 1_000

/** Whose messages are asked for. */
interface Whose {
  readonly mesh?: string | undefined
  readonly from?: string | undefined
}

/** What is asked of the inbox. */
interface PageQuery extends Whose {
  readonly unread?: boolean
  readonly since?: number
  readonly before?: string
  readonly limit?: number
}

/** The rows of group `messages` that are about the inbox. */
export const makeInboxRows = Effect.gen(function*() {
  const meshes = yield* Meshes
  const inbox = yield* Inbox
  const index = yield* MessageIndex
  const senders = yield* Senders
  const views = yield* Views

  /** The messages that are meant, of a mesh and of whoever is called so. */
  const filterOf = Effect.fnUntraced(function*({ from, mesh: typed }: Whose) {
    const mesh = typed === undefined ? undefined : yield* meshes.resolve(typed)
    const by = from === undefined ? undefined : yield* senders.named(from, mesh)
    return { mesh: mesh?.id, senders: by }
  })
  /** Whoever else is shown, the message to begin at may be of anybody; of several of one id, it is of them. */
  const positionOf = Effect.fnUntraced(function*(typed: string, among: Among) {
    const found = yield* index.received(typed, among).pipe(
      Effect.catchIf(
        ({ code }) => code === "message_not_found",
        () => index.received(typed, { mesh: among.mesh })
      )
    )
    return found.position
  })
  const page = Effect.fnUntraced(function*(query: PageQuery) {
    const { before, limit = pageSizes.inbox.standard } = query
    const filter = yield* filterOf(query)
    const rows = yield* inbox.list({
      ...filter,
      unread: query.unread ?? false,
      since: query.since ?? 0,
      before: before === undefined ? undefined : yield* positionOf(before, filter),
      limit: limit + 1
    })
    const items = yield* Effect.forEach(rows.slice(-limit), views.received)
    const unread = yield* inbox.unread(filter)
    return { items, unread, more: rows.length > limit } satisfies InboxPage
  })
  const read = Effect.fnUntraced(function*(keys: ReadonlyArray<InboxKey>) {
    if (keys.length > READ_MAX) return yield* tooMany(keys.length)
    const named = keys.map(({ from_device_id, id, mesh }) => ({ mesh, sender: from_device_id, id }))
    return { changed: yield* inbox.read(named) }
  })
  const readAll = Effect.fnUntraced(function*(which: Whose) {
    return { changed: yield* inbox.readAll(yield* filterOf(which)) }
  })
  return { filterOf, page, read, readAll }
})

function tooMany(count: number): Refused {
  return refused(
    "too_large",
    `Cannot mark ${count} messages as read: at most ${READ_MAX} at once work`
  )
}
