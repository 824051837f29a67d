/**
 * Keeps what this machine has accepted to send, until every recipient's device has signed for it.
 *
 * Accepted means committed to disk. The same id with the same words to the same
 * devices is one message; the same id with anything else is refused. What becomes
 * of it is in `delivery.ts`.
 *
 * @module
 */
import {
  commitmentOf,
  type DeviceId,
  type EnvelopeClass,
  type MeshId,
  MessageId,
  Meta,
  type Refused,
  SALT_BYTES,
  type SessionId
} from "@claudemesh/protocol"
import { toBase64Url } from "@claudemesh/protocol/crypto"
import { Clock, Context, Effect, Layer, Option, PubSub, Ref, Schema, SubscriptionRef } from "effect"
import * as SecureRandom from "effect/crypto/SecureRandom"
import { SqlClient } from "effect/sql"
import { bump } from "../counter.ts"
import { refusedWhenFull } from "../disk_full.ts"
import { refusalOfRepeat } from "./idempotency.ts"
import { makeIdempotencyKeys } from "./idempotency_keys.ts"
import { makeOutboxLimits } from "./outbox_limits.ts"
import { makeOutboxList } from "./outbox_list.ts"
import { makeOutboxStore, type OutboxRow, type RecipientRow } from "./outbox_store.ts"
import { makeWaiting } from "./waiting.ts"

/** What is to be sent to whom. */
export interface OutboxDraft {
  readonly mesh: MeshId
  readonly class: EnvelopeClass
  readonly to: ReadonlyArray<{ readonly device: DeviceId; readonly session?: SessionId }>
  /** How the sender named the recipient, to show it again. */
  readonly addressed: string
  readonly meta: Meta
  readonly content: Uint8Array
  readonly ttl: number
  /** Makes it repeatable; absent, a new one is made. */
  readonly id?: MessageId
  /** Makes it repeatable, likewise: in words of whoever asks. */
  readonly key?: string
  /** The message that it is sent in place of. */
  readonly supersedes?: MessageId
}

/** Names one message of one mesh. */
export interface MessageKey {
  readonly mesh: MeshId
  readonly id: MessageId
}

/** An accepted message, and whether it had been accepted before. */
export interface Accepted {
  readonly id: MessageId
  readonly isRepeat: boolean
}

/** A message with its recipients. */
export interface Outgoing extends OutboxRow {
  readonly recipients: ReadonlyArray<RecipientRow>
}

type Store = Effect.Success<typeof makeOutboxStore>

/** Keeps what is to be sent. */
export class Outbox extends Context.Service<
  Outbox,
  & Pick<Store, "recipients" | "steps" | "byPrefix" | "open">
  & Effect.Success<typeof makeOutboxList>
  & Pick<Effect.Success<typeof makeIdempotencyKeys>, "byKey">
  & Effect.Success<typeof makeWaiting>
  & {
    /**
     * Commits a message; once it answers, the message survives whatever happens to this process.
     * Joins an open transaction.
     */
    readonly accept: (draft: OutboxDraft) => Effect.Effect<Accepted, Refused>
    readonly find: (key: MessageKey) => Effect.Effect<Option.Option<Outgoing>>
    /** Grows whenever there may be something new to send. */
    readonly version: SubscriptionRef.SubscriptionRef<number>
    /** Grows whenever something waits again, or no more, that had its place: a look at what is new will not do. */
    readonly returned: Ref.Ref<number>
    /** Has all that waits looked at again. */
    readonly lookAgain: Effect.Effect<void>
    /** Each message whose progress changed; a slow reader misses the oldest and reads the tables. */
    readonly progress: PubSub.PubSub<MessageKey>
  }
>()("@claudemesh/daemon/outbox/outbox") {
  static readonly layer = Layer.effect(
    Outbox,
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient
      const random = yield* SecureRandom.SecureRandom
      const store = yield* makeOutboxStore
      const keys = yield* makeIdempotencyKeys
      const limits = yield* makeOutboxLimits
      const insert = yield* makeInsert
      const version = yield* SubscriptionRef.make(0)
      const returned = yield* Ref.make(0)
      const progress = yield* PubSub.sliding<MessageKey>(1_024)

      const find = Effect.fnUntraced(function*({ id, mesh }: MessageKey) {
        const row = yield* store.message(mesh, id)
        if (Option.isNone(row)) return Option.none()
        return Option.some({ ...row.value, recipients: yield* store.recipients(mesh, id) })
      })
      const commit = Effect.fnUntraced(function*(draft: OutboxDraft) {
        const id = (yield* keys.idOf(draft)) ?? draft.id ?? MessageId.make(yield* random.uuidV7())
        const known = yield* find({ mesh: draft.mesh, id })
        const isRepeat = Option.isSome(known)
        const refusal = isRepeat ? refusalOfRepeat(known.value, draft) : undefined
        if (refusal !== undefined) return yield* refusal
        if (!isRepeat) {
          if (draft.class === "dm") yield* limits.check(draft.content.length)
          yield* insert(draft, id)
        }
        yield* keys.keep(draft, id)
        return { id, isRepeat }
      }, (accepting) => refusedWhenFull("accept the message", sql.withTransaction(accepting)))

      // To the end, though whoever asked hangs up: what is committed and woke nobody would lie there.
      const accept = Effect.fn("Outbox.accept")(
        (draft: OutboxDraft) => Effect.tap(commit(draft), bump(version)),
        Effect.uninterruptible
      )
      const { byPrefix, open, recipients, steps } = store
      return Outbox.of({
        accept,
        find,
        byKey: keys.byKey,
        ...(yield* makeWaiting),
        recipients,
        steps,
        byPrefix,
        open,
        ...(yield* makeOutboxList),
        version,
        returned,
        lookAgain: Effect.andThen(Ref.update(returned, (count) => count + 1), bump(version)),
        progress
      })
    })
  )
}

/** Writes a message with its recipients; the caller brings the transaction. */
const makeInsert = Effect.gen(function*() {
  const sql = yield* SqlClient.SqlClient
  const random = yield* SecureRandom.SecureRandom

  return Effect.fnUntraced(function*(draft: OutboxDraft, id: MessageId) {
    const { addressed, content, mesh, meta, supersedes = null, ttl } = draft
    const salt = yield* random.randomBytes(SALT_BYTES)
    const at = yield* Clock.currentTimeMillis
    yield* sql`INSERT INTO outbox ${
      sql.insert({
        mesh,
        id,
        class: draft.class,
        addressed,
        meta: yield* Effect.orDie(writeMeta(meta)),
        content,
        salt,
        commitment: toBase64Url(commitmentOf({ meta, content, salt })),
        acceptedAt: at,
        ttl,
        state: "pending",
        supersedes
      })
    }`
    for (const { device, session = null } of draft.to) {
      yield* sql`INSERT INTO outbox_recipients ${
        sql.insert({ mesh, id, device, session, state: "queued" })
      }`
      yield* sql`INSERT INTO outbox_steps ${sql.insert({ mesh, id, device, state: "queued", at })}`
    }
  })
})

const writeMeta = Schema.encodeEffect(Schema.fromJsonString(Meta))
