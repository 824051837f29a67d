/**
 * Finds messages of this machine by their words, sent and received.
 *
 * What is found is what inbox and outbox hold: a message that was removed is found no more.
 *
 * @module
 */
import { DeviceId, MeshId, MessageId, type Refused } from "@claudemesh/protocol"
import type { SearchHit } from "@claudemesh/protocol/local_api"
import { Context, Effect, Layer, Option, Schema } from "effect"
import { SqlClient, SqlSchema } from "effect/sql"
import { InboxRow } from "../inbox/inbox.ts"
import { Views } from "../local_api/views.ts"
import { type Mesh, Meshes } from "../meshes/meshes.ts"
import { readableBy } from "../surfacing/withheld.ts"
import { makeMarks } from "./search_marks.ts"
import { searchExpression } from "./search_words.ts"

/** What to look for, and where. */
export interface SearchOptions {
  readonly words: string
  /** Only in that mesh. */
  readonly mesh: Mesh | undefined
  /** Only what these devices wrote; ours among them stands for what was sent from here. */
  readonly senders: ReadonlyArray<DeviceId> | undefined
  /** Only what was sent or received since then. */
  readonly since: number
  readonly limit: number
  /** For an agent: what is kept from agents is not found. */
  readonly forAgent?: boolean
}

/** Finds messages. */
export class Search extends Context.Service<Search, {
  /** The newest that match, the oldest of them first; words in which there is none are refused. */
  readonly search: (
    options: SearchOptions
  ) => Effect.Effect<
    { readonly items: ReadonlyArray<SearchHit>; readonly more: boolean },
    Refused
  >
}>()("@claudemesh/daemon/messages/search") {
  static readonly layer = Layer.effect(
    Search,
    Effect.gen(function*() {
      const meshes = yield* Meshes
      const views = yield* Views
      const find = yield* makeFind

      const shown = Effect.fnUntraced(function*(hit: Hit) {
        const { snippet } = hit
        if ("received" in hit) return [{ message: yield* views.received(hit.received), snippet }]
        return Option.toArray(yield* views.sent(hit.sent)).map((message) => ({ message, snippet }))
      })
      const search = Effect.fn("Search.search")(function*(options: SearchOptions) {
        const { forAgent = false, limit, mesh, senders, since, words } = options
        const among = mesh === undefined ? yield* meshes.all : [mesh]
        const found = yield* find({
          expression: yield* Effect.fromResult(searchExpression(words)),
          meshes: among.map(({ id }) => id),
          senders: senders ?? null,
          ours: among.filter((one) => senders?.includes(one.identity.deviceId) ?? true)
            .map(({ id }) => id),
          since,
          limit: limit + 1,
          forAgent: forAgent ? 1 : 0
        })
        // What came in one millisecond keeps its order.
        const newest = found.toReversed().toSorted((one, other) => one.at - other.at).slice(-limit)
        const items: ReadonlyArray<ReadonlyArray<SearchHit>> = yield* Effect.forEach(newest, shown)
        return { items: items.flat(), more: found.length > limit }
      })
      return Search.of({ search })
    })
  )
}

/** What was found: when it was sent or received, what it is, and where the words are. */
type Hit =
  & { readonly at: number; readonly snippet: SearchHit["snippet"] }
  & (
    | { readonly received: InboxRow }
    | { readonly sent: { readonly mesh: MeshId; readonly id: MessageId } }
  )

/** Words of a piece that is shown. */
const SNIPPET_WORDS = 16

const Ids = Schema.fromJsonString(Schema.Array(Schema.String))
const Wanted = Schema.Struct({
  expression: Schema.String,
  meshes: Ids,
  senders: Schema.NullOr(Ids),
  /** The meshes in which what we wrote is wanted. */
  ours: Ids,
  since: Schema.Int,
  limit: Schema.Int,
  forAgent: Schema.Int
})
const ReceivedRow = Schema.Struct({ ...InboxRow.fields, snippet: Schema.String })
const SentRow = Schema.Struct({
  mesh: MeshId,
  id: MessageId,
  acceptedAt: Schema.Int,
  snippet: Schema.String
})

/** Looks into both indexes; each gives its newest. */
const makeFind = Effect.gen(function*() {
  const sql = yield* SqlClient.SqlClient
  const { close, open, parts } = yield* makeMarks
  const findReceived = SqlSchema.findAll({
    Request: Wanted,
    Result: ReceivedRow,
    execute: ({ expression, forAgent, limit, meshes, senders, since }) =>
      sql`SELECT inbox.*, snippet(inbox_search, -1, ${open}, ${close}, '…', ${SNIPPET_WORDS}) AS snippet
        FROM inbox_search JOIN inbox ON inbox.position = inbox_search.rowid
        WHERE inbox_search MATCH ${expression} AND received_at >= ${since}
          AND mesh IN (SELECT value FROM json_each(${meshes}))
          AND (${senders} IS NULL OR sender IN (SELECT value FROM json_each(${senders})))
          AND ${readableBy(sql, forAgent)}
        ORDER BY inbox_search.rowid DESC LIMIT CAST(${limit} AS INTEGER)`
  })
  const findSent = SqlSchema.findAll({
    Request: Wanted,
    Result: SentRow,
    execute: ({ expression, limit, ours, since }) =>
      sql`SELECT mesh, id, accepted_at,
          snippet(outbox_search, -1, ${open}, ${close}, '…', ${SNIPPET_WORDS}) AS snippet
        FROM outbox_search JOIN outbox ON outbox.position = outbox_search.rowid
        WHERE outbox_search MATCH ${expression} AND accepted_at >= ${since}
          AND mesh IN (SELECT value FROM json_each(${ours}))
        ORDER BY outbox_search.rowid DESC LIMIT CAST(${limit} AS INTEGER)`
  })
  return Effect.fnUntraced(function*(wanted: typeof Wanted.Type) {
    const received = yield* findReceived(wanted)
    const sent = yield* findSent(wanted)
    const hits: ReadonlyArray<Hit> = [
      ...received.map(({ snippet, ...row }) => ({
        at: row.receivedAt,
        received: row,
        snippet: parts(snippet)
      })),
      ...sent.map(({ acceptedAt, id, mesh, snippet }) => ({
        at: acceptedAt,
        sent: { mesh, id },
        snippet: parts(snippet)
      }))
    ]
    return hits
  }, Effect.orDie)
})
