/**
 * The broker's SQLite database, opened and migrated, and the stores on it.
 *
 * @module
 */
import { type Database, Migrations, SqliteClient } from "@claudemesh/sqlite"
import { Effect, Layer } from "effect"
import { SqlClient } from "effect/sql"
import * as LogStore from "./log_store.ts"
import * as MembershipStore from "./membership_store.ts"
import { migrations } from "./migrations/mod.ts"
import * as PrekeyStore from "./prekey_store.ts"
import * as StoreClock from "./store_clock.ts"
import * as StoreIdentity from "./store_identity.ts"

/** Pages of the write-ahead log before it is copied into the database: 16 MB, for a quarter more messages a second. */
const CHECKPOINT_PAGES = 4_000

const prepared = Effect.gen(function*() {
  const sql = yield* SqlClient.SqlClient
  yield* sql.unsafe(`PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}`)
  yield* Migrations.migrate(migrations)
})

/** Every store of the broker, over one file or `:memory:`. Whoever has to begin anew after a fault is told of it. */
export function layer(options: SqliteClient.ClientOptions) {
  return layerOn(SqliteClient.layer(options))
}

/** Every store of the broker, over a database that somebody else has opened. */
export function layerOn<E>(client: Layer.Layer<SqlClient.SqlClient | Database, E>) {
  return Layer.mergeAll(
    Layer.provideMerge(StoreClock.layer, StoreIdentity.layer),
    MembershipStore.layer,
    LogStore.layer,
    PrekeyStore.layer
  ).pipe(
    Layer.provide(Layer.effectDiscard(prepared)),
    Layer.provide(client)
  )
}
