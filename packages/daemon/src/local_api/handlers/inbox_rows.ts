/**
 * Answers for the inbox: its pages, and what was read of it.
 *
 * @module
 */
import { type Refused, refused } from "@claudemesh/protocol"
import type { InboxKey, InboxPage } from "@claudemesh/protocol/local_api"
import { Effect } from "effect"
import { Inbox } from "../../inbox/inbox.ts"
import { Meshes } from "../../meshes/meshes.ts"
import { MessageIndex } from "../../messages/message_index.ts"
import { Senders } from "../../messages/senders.ts"
import { Views } from "../views.ts"

/** Messages of one page. */
const LIMIT_DEFAULT = 20
const LIMIT_MAX = 500

/** Messages marked as read at once: more than a page shows. */
const READ_MAX = 1_000

/** What is asked of the inbox. */
interface PageQuery {
  readonly mesh?: string
  readonly unread?: boolean
  readonly from?: string
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

  const filterOf = Effect.fnUntraced(
    function*({ from, mesh: typed }: Pick<PageQuery, "mesh" | "from">) {
      const mesh = typed === undefined ? undefined : yield* meshes.resolve(typed)
      const by = from === undefined ? undefined : yield* senders.named(from, mesh)
      return { mesh: mesh?.id, senders: by }
    }
  )
  const positionOf = Effect.fnUntraced(function*(typed: string) {
    const found = yield* index.find(typed)
    return "received" in found ? found.received.position : yield* notReceived(typed)
  })
  const page = Effect.fnUntraced(function*(query: PageQuery) {
    const limit = Math.min(Math.max(1, query.limit ?? LIMIT_DEFAULT), LIMIT_MAX)
    const filter = yield* filterOf(query)
    const rows = yield* inbox.list({
      ...filter,
      unread: query.unread ?? false,
      since: query.since ?? 0,
      before: query.before === undefined ? undefined : yield* positionOf(query.before),
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
  const readAll = Effect.fnUntraced(function*(which: Pick<PageQuery, "mesh" | "from">) {
    return { changed: yield* inbox.readAll(yield* filterOf(which)) }
  })
  return { page, read, readAll }
})

function notReceived(typed: string): Refused {
  return refused(
    "message_not_found",
    `Cannot begin at message "${typed}": it was not received here`
  )
}

function tooMany(count: number): Refused {
  return refused(
    "too_large",
    `Cannot mark ${count} messages as read: at most ${READ_MAX} at once work`
  )
}
