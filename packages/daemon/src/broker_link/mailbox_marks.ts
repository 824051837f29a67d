/**
 * Notices what numbers alone do not show: that a broker's store went back in time, or that somebody else reads our mailbox.
 *
 * A store that went back and has grown past what we have read gives other
 * entries the numbers of ours. So we name one that we have read: the broker that
 * finds another one there, or none, sends all it has, and ids tell what is new.
 *
 * Each attachment of a device has a number, one more than the one before. Those
 * that we have not asked for were of a copy of this home, or this one is a copy
 * of an earlier state: then numbers of our streams were taken elsewhere too.
 *
 * @module
 */
import { type Envelope, type Have, type MeshId, MessageId } from "@claudemesh/protocol"
import { Clock, Effect, Option, Schema } from "effect"
import { SqlClient, SqlSchema } from "effect/sql"

/** An entry that was read. */
export interface ReadEntry {
  readonly seq: number
  readonly envelope: Envelope
}

/** An attachment that the broker has counted. */
export interface Counted {
  readonly epoch: number
  readonly storeEpoch: string
}

const MarkRow = Schema.Struct({
  lastSeq: Schema.NullOr(Schema.Int),
  lastId: Schema.NullOr(MessageId),
  lastUntil: Schema.NullOr(Schema.Int),
  storeEpoch: Schema.NullOr(Schema.String),
  epoch: Schema.NullOr(Schema.Int),
  tries: Schema.Int
})

/** Keeps the marks of mailboxes. */
export const makeMailboxMarks = Effect.gen(function*() {
  const sql = yield* SqlClient.SqlClient
  const find = SqlSchema.findOneOption({
    Request: Schema.String,
    Result: MarkRow,
    execute: (mesh) => sql`SELECT * FROM mailboxes WHERE mesh = ${mesh}`
  })

  /** Remembers of what was read the entry that the broker keeps for longest. Joins an open transaction. */
  const read = Effect.fnUntraced(
    function*(mesh: MeshId, entries: ReadonlyArray<ReadEntry>) {
      const longest = longestOf(entries)
      if (longest === undefined) return
      const { envelope: { header: { id, ttl } }, seq } = longest
      const now = yield* Clock.currentTimeMillis
      const until = now + ttl
      yield* sql`INSERT INTO mailboxes ${
        sql.insert({ mesh, lastSeq: seq, lastId: id, lastUntil: until })
      }
        ON CONFLICT (mesh) DO UPDATE SET
          last_seq = excluded.last_seq, last_id = excluded.last_id, last_until = excluded.last_until
        WHERE last_until IS NULL OR last_until <= ${now} OR last_until <= excluded.last_until`
    },
    Effect.orDie
  )
  /** Counts that we try to attach, and says how far we have read, with the entry to know that by. */
  const claim = Effect.fn("MailboxMarks.claim")(function*(mesh: MeshId, upto: number) {
    yield* sql`INSERT INTO mailboxes ${sql.insert({ mesh, tries: 1 })}
      ON CONFLICT (mesh) DO UPDATE SET tries = tries + 1`
    const { lastId, lastSeq, lastUntil } = Option.getOrThrow(yield* find(mesh))
    if (lastId === null || lastSeq === null || lastUntil === null) return { upto }
    // The broker has none of those entries any more, so to read from the start costs nothing.
    if (lastUntil <= (yield* Clock.currentTimeMillis)) return { upto: 0 }
    return { upto, last: { seq: lastSeq, id: lastId } }
  }, Effect.orDie) satisfies (mesh: MeshId, upto: number) => Effect.Effect<Claimed>
  /** Takes the number of an attachment; answers whether others were made since ours that we did not ask for. */
  const attached = Effect.fn("MailboxMarks.attached")(
    function*(mesh: MeshId, { epoch, storeEpoch }: Counted) {
      const before = Option.getOrThrow(yield* find(mesh))
      const isSame = before.storeEpoch === storeEpoch && before.epoch !== null
      const isElsewhere = isSame && epoch > (before.epoch ?? 0) + before.tries
      yield* sql`UPDATE mailboxes SET store_epoch = ${storeEpoch}, epoch = ${epoch}, tries = 0
        WHERE mesh = ${mesh}`
      return isElsewhere
    },
    Effect.orDie
  )
  /** Goes on above a number in every stream: others have taken numbers of them. */
  const skipTo = Effect.fnUntraced(function*(mesh: MeshId, floor: number) {
    yield* sql`UPDATE meshes SET sseq_floor = max(sseq_floor, CAST(${floor} AS INTEGER))
      WHERE mesh = ${mesh}`
  }, Effect.orDie)

  return { read, claim, attached, skipTo }
})

type Claimed = Pick<Have, "upto" | "last">

/** The last of those that live longest from now on. */
function longestOf(entries: ReadonlyArray<ReadEntry>): ReadEntry | undefined {
  const [first, ...others] = entries
  return others.reduce(
    (longest, entry) =>
      longest !== undefined && entry.envelope.header.ttl < longest.envelope.header.ttl
        ? longest
        : entry,
    first
  )
}
