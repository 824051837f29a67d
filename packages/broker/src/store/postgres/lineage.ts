/**
 * Knows which history the database is in, and names the store anew when it is another one.
 *
 * Within one history nothing that was confirmed is lost. A standby that was
 * promoted, a dump that was restored and a copy of an earlier state that was
 * put back (see `Place`) may lack some of it: then the store gets another
 * name. Every transaction looks, so that it is noticed although the broker
 * runs on, and although a pooler hides it.
 *
 * Where the server does not tell its place in the log (the role may not ask, or
 * it only speaks like Postgres) a failover is not noticed by itself, and a
 * warning says so.
 *
 * @module
 */
import { toBase64Url } from "@claudemesh/protocol/crypto"
import { Clock, Context, Effect, Layer, Schema, Semaphore, SubscriptionRef } from "effect"
import { SecureRandom } from "effect/crypto/SecureRandom"
import { SqlClient, type SqlError } from "effect/sql"
import { BrokerLimits } from "../../broker_limits.ts"
import type { StoreFailed } from "../store_failed.ts"
import { StoreWitness } from "../store_witness.ts"
import { makePersist } from "./persistence.ts"
import {
  isBehind,
  PLACE,
  type Place,
  PLACE_UNSEEN,
  placeFromText,
  textOfPlace,
  toPlace
} from "./place.ts"
import { stateOf } from "./sql_fault.ts"
import { makeTransaction, type Query, type Row } from "./transaction.ts"

/** The database is not the one it was. Whoever notices it calls `settle`. */
export class LineageChanged extends Schema.TaggedError<LineageChanged>()("LineageChanged", {}) {}

/** What the store is called. */
export interface StoreName {
  readonly epoch: string
  readonly bornAt: number
}

export class Lineage extends Context.Service<Lineage, {
  readonly name: SubscriptionRef.SubscriptionRef<StoreName>
  /** Comes first in a transaction: bounds what it may wait for, has its commit synced, and looks. */
  readonly enter: (query: Query) => Effect.Effect<void, SqlError.SqlError | LineageChanged>
  /** Finds out where the database stands, and names the store anew if it may have lost something. */
  readonly settle: Effect.Effect<void, StoreFailed>
  /** Writes the place down outside of the database. */
  readonly note: Effect.Effect<void>
}>()("@claudemesh/broker/store/postgres/lineage") {
  static readonly layer = Layer.effect(Lineage, Effect.suspend(() => make))
}

const NAME_BYTES = 16

/** A stop waits no longer for a server that is away. */
const LOOK_WITHIN = "1 second"

/**
 * A broker that stops within a transaction lets go of its locks before a statement that waits for them is
 * given up. The settings of a session would not get through a pooler; these end with the transaction.
 */
function settings(answerMillis: number): string {
  return [
    `set_config('idle_in_transaction_session_timeout', '${Math.round(answerMillis / 3)}', true)`,
    `set_config('statement_timeout', '${Math.round((2 * answerMillis) / 3)}', true)`,
    "set_config('synchronous_commit', 'on', true)"
  ].join(", ")
}

const make = Effect.gen(function*() {
  const sql = yield* SqlClient.SqlClient
  const transaction = yield* makeTransaction
  const persist = yield* makePersist
  const witness = yield* StoreWitness
  const random = yield* SecureRandom
  const place = yield* seenPlace
  const { databaseAnswerMillisMax } = yield* BrokerLimits
  const entering = `SELECT ${settings(databaseAnswerMillisMax)}, epoch, ${place} FROM store`
  const name = yield* SubscriptionRef.make<StoreName>({ epoch: "", bornAt: 0 })
  let seen = placeFromText(witness && (yield* witness.lastRun))

  const enter = Effect.fnUntraced(function*(query: Query) {
    // What comes back may have been overtaken, but not by what was seen before it was asked.
    const before = seen
    const [row] = yield* query(entering)
    const here = row && toPlace(row)
    const isSame = here !== undefined && row?.["epoch"] === SubscriptionRef.getUnsafe(name).epoch &&
      here.history === before?.history && !isBehind(here, before)
    if (!isSame) return yield* new LineageChanged()
    advance(here)
  })

  function advance(here: Place) {
    if (seen !== undefined && isBehind(seen, here)) seen = here
  }

  const look = sql.unsafe<Row>(`SELECT ${place}`).pipe(
    Effect.tap(([row]) => Effect.sync(() => row && advance(toPlace(row)))),
    Effect.timeout(LOOK_WITHIN)
  )

  const note = Effect.gen(function*() {
    if (witness === undefined) return
    // Our own commits count as well. Where nobody answers, what was seen before is worth noting too.
    yield* Effect.ignore(look)
    if (seen !== undefined) yield* witness.noteRun(textOfPlace(seen))
  })

  // Whoever comes second compares with what the first has settled, or it would name the store once more.
  const settle = Semaphore.makeUnsafe(1).withPermit(Effect.gen(function*() {
    const fresh = {
      epoch: toBase64Url(yield* random.randomBytes(NAME_BYTES)),
      bornAt: yield* Clock.currentTimeMillis
    }
    const before = seen
    const settled = yield* persist(
      transaction((query) => nameStore(query, { place, fresh, seen: before }))
    )
    seen = settled.here
    if (settled.isLost) {
      yield* Effect.logWarning(
        "This database is a copy of an earlier state, or a standby that took over: daemons send again what it may lack"
      )
    }
    if (settled.name.epoch !== SubscriptionRef.getUnsafe(name).epoch) {
      yield* SubscriptionRef.set(name, settled.name)
    }
    yield* note
  }))

  yield* settle
  yield* Effect.addFinalizer(() => note)
  return { name, enter, settle, note }
})

/** No right to it, no such function, no such feature. */
const UNTOLD = new Set(["42501", "42883", "0A000"])

/** The columns that this server shows to this role: asked for once, because a refusal fails a transaction. */
const seenPlace = Effect.gen(function*() {
  const sql = yield* SqlClient.SqlClient
  const persist = yield* makePersist
  const untold = Effect.as(
    Effect.logWarning(
      "The database does not tell its place in its log: a failover is not noticed by itself"
    ),
    PLACE_UNSEEN
  )
  return yield* sql.unsafe(`SELECT ${PLACE}`).pipe(
    Effect.as(PLACE),
    Effect.catchIf((error) => UNTOLD.has(stateOf(error) ?? ""), () => untold),
    persist
  )
})

interface Naming {
  readonly place: string
  /** What it is called if it needs a name. */
  readonly fresh: StoreName
  readonly seen: Place | undefined
}

const nameStore = Effect.fnUntraced(function*(query: Query, { fresh, place, seen }: Naming) {
  yield* query(
    "INSERT INTO store (epoch, born_at) VALUES ($1, $2::bigint) ON CONFLICT DO NOTHING",
    [fresh.epoch, fresh.bornAt]
  )
  const [row = {}] = yield* query(
    `SELECT epoch, born_at, history AS known, ${place} FROM store FOR UPDATE`
  )
  const here = toPlace(row)
  const known = { epoch: String(row["epoch"]), bornAt: Number(row["born_at"]) }
  const isLost = row["known"] !== null && row["known"] !== here.history || isBehind(here, seen)
  const name = isLost ? fresh : known
  yield* query(
    "UPDATE store SET epoch = $1, born_at = $2::bigint, history = $3",
    [name.epoch, name.bornAt, here.history]
  )
  return { here, name, isLost }
})
