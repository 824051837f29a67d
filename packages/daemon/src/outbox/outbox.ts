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
  refused,
  SALT_BYTES,
  type SessionId
} from "@claudemesh/protocol"
import { toBase64Url } from "@claudemesh/protocol/crypto"
import { storageFault } from "@claudemesh/sqlite"
import { Clock, Context, Effect, Layer, Option, PubSub, Schema, SubscriptionRef } from "effect"
import * as SecureRandom from "effect/crypto/SecureRandom"
import { SqlClient, type SqlError } from "effect/sql"
import { bump } from "../counter.ts"
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
}

/** Names one message of one mesh. */
export interface MessageKey {
  readonly mesh: MeshId
  readonly id: MessageId
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
  & Effect.Success<typeof makeWaiting>
  & {
    /** Commits a message; once it answers, the message survives whatever happens to this process. */
    readonly accept: (draft: OutboxDraft) => Effect.Effect<MessageId, Refused>
    readonly find: (key: MessageKey) => Effect.Effect<Option.Option<Outgoing>>
    /** Grows whenever there may be something new to send. */
    readonly version: SubscriptionRef.SubscriptionRef<number>
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
      const version = yield* SubscriptionRef.make(0)
      const progress = yield* PubSub.sliding<MessageKey>(1_024)

      const insert = Effect.fnUntraced(function*(draft: OutboxDraft, id: MessageId) {
        const { content, mesh, meta, ttl } = draft
        const salt = yield* random.randomBytes(SALT_BYTES)
        const commitment = toBase64Url(commitmentOf({ meta, content, salt }))
        const at = yield* Clock.currentTimeMillis
        const row = {
          mesh,
          id,
          class: draft.class,
          addressed: draft.addressed,
          meta: yield* writeMeta(meta)
        }
        yield* sql`INSERT INTO outbox ${
          sql.insert({ ...row, content, salt, commitment, acceptedAt: at, ttl, state: "pending" })
        }`
        for (const { device, session = null } of draft.to) {
          yield* sql`INSERT INTO outbox_recipients ${
            sql.insert({ mesh, id, device, session, state: "queued" })
          }`
          yield* sql`INSERT INTO outbox_steps ${
            sql.insert({ mesh, id, device, state: "queued", at })
          }`
        }
      })
      const find = Effect.fnUntraced(function*({ id, mesh }: MessageKey) {
        const row = yield* store.message(mesh, id)
        if (Option.isNone(row)) return Option.none()
        return Option.some({ ...row.value, recipients: yield* store.recipients(mesh, id) })
      })
      const commit = Effect.fnUntraced(function*(draft: OutboxDraft, id: MessageId) {
        const known = yield* find({ mesh: draft.mesh, id })
        if (Option.isSome(known)) return yield* sameMessage(known.value, draft)
        yield* Effect.catchTag(insert(draft, id), "SchemaError", Effect.die)
      }, (accepting) => Effect.catchTag(sql.withTransaction(accepting), "SqlError", refuseFull))

      // To the end, though whoever asked hangs up: what is committed and woke nobody would lie there.
      const accept = Effect.fn("Outbox.accept")(function*(draft: OutboxDraft) {
        const id = draft.id ?? MessageId.make(yield* random.uuidV7())
        yield* commit(draft, id)
        yield* bump(version)
        return id
      }, Effect.uninterruptible)
      const { byPrefix, open, recipients, steps } = store
      return Outbox.of({
        accept,
        find,
        ...(yield* makeWaiting),
        recipients,
        steps,
        byPrefix,
        open,
        version,
        progress
      })
    })
  )
}

/** A full disk is the caller's to know: nothing was accepted. */
function refuseFull(error: SqlError.SqlError): Effect.Effect<never, Refused> {
  return storageFault(error) === "full"
    ? Effect.fail(refused("outbox_full", "Cannot accept the message: the disk is full"))
    : Effect.die(error)
}

const writeMeta = Schema.encodeEffect(Schema.fromJsonString(Meta))

/** A repeat is the same message if it says the same to the same devices; one that has ended needs a new id. */
function sameMessage(
  known: Outgoing,
  { content, meta, to }: OutboxDraft
): Effect.Effect<void, Refused> {
  const commitment = toBase64Url(commitmentOf({ meta, content, salt: known.salt }))
  const devices = new Set(known.recipients.map(({ device }) => device))
  const isSame = commitment === known.commitment &&
    devices.symmetricDifference(new Set(to.map(({ device }) => device))).size === 0
  if (!isSame) {
    return Effect.fail(
      refused("id_reused", `Cannot send message "${known.id}": the id belongs to another message`)
    )
  }
  if (known.state !== "dead" && known.state !== "expired") return Effect.void
  const end = known.reason ?? known.state
  return Effect.fail(
    refused("id_reused", `Cannot send message "${known.id}" again: it ended as ${end}`)
  )
}
