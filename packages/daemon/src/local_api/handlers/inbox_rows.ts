/**
 * Answers for the inbox: its pages, and what was read of it.
 *
 * @module
 */
import { type Refused, refused } from "@claudemesh/protocol"
import { Caller, type InboxKey, type InboxPage, pageSizes } from "@claudemesh/protocol/local_api"
import { Effect, Option } from "effect"
import { Inbox } from "../../inbox/inbox.ts"
import { Meshes } from "../../meshes/meshes.ts"
import { type Among, MessageIndex } from "../../messages/message_index.ts"
import { Senders } from "../../messages/senders.ts"
import { Surfacing } from "../../surfacing/surfacing.ts"
import { isAgent } from "../agent_sight.ts"
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

/** Messages that were read. */
interface Shown {
  readonly messages: ReadonlyArray<InboxKey>
  readonly printed?: boolean
}

/** The rows of group `messages` that are about the inbox. */
export const makeInboxRows = Effect.gen(function*() {
  const meshes = yield* Meshes
  const inbox = yield* Inbox
  const index = yield* MessageIndex
  const senders = yield* Senders
  const views = yield* Views
  const surfacing = yield* Surfacing

  /** The messages that are meant, of a mesh and of whoever is called so. */
  const filterOf = Effect.fnUntraced(function*({ from, mesh: typed }: Whose) {
    const mesh = typed === undefined ? undefined : yield* meshes.resolve(typed)
    const by = from === undefined ? undefined : yield* senders.named(from, mesh)
    return { mesh: mesh?.id, senders: by, forAgent: yield* isAgent }
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
    const held = filter.forAgent ? yield* inbox.held(filter) : 0
    return {
      items,
      unread,
      more: rows.length > limit,
      ...(held > 0 && { held })
    } satisfies InboxPage
  })
  const read = Effect.fnUntraced(function*({ messages, printed = false }: Shown) {
    if (messages.length > READ_MAX) return yield* tooMany(messages.length)
    if (printed) return { changed: yield* polled(messages) }
    const keys = messages.map(({ from_device_id, id, mesh }) => ({
      mesh,
      sender: from_device_id,
      id
    }))
    return { changed: yield* inbox.read(keys, { forAgent: yield* isAgent }) }
  })
  /** What an agent has taken by a command: only what is its own. */
  const polled = Effect.fnUntraced(function*(messages: ReadonlyArray<InboxKey>) {
    const { session } = yield* Caller
    if (Option.isNone(session)) return yield* noAgent(messages.length)
    return yield* surfacing.report(
      session.value,
      messages.map((message) => ({ message, stage: "surfaced" as const, carrier: "poll" as const }))
    )
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

function noAgent(count: number): Refused {
  return refused(
    "usage",
    `Cannot note that ${count} messages were printed for an agent: no session's token came with it`
  )
}
