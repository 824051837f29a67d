/**
 * The broker's SQLite database, opened and migrated, and the stores on it.
 *
 * @module
 */
import { Migrations, SqliteClient } from "@claudemesh/sqlite"
import { Layer } from "effect"
import * as LogStore from "./log_store.ts"
import * as MembershipStore from "./membership_store.ts"
import { migrations } from "./migrations/mod.ts"
import * as PrekeyStore from "./prekey_store.ts"
import * as StoreIdentity from "./store_identity.ts"

/** Every store of the broker, over one file or `:memory:`. */
export function layer(options: { readonly filename: string }) {
  const migrated = Layer.effectDiscard(Migrations.migrate(migrations))
  return Layer.mergeAll(
    StoreIdentity.layer,
    MembershipStore.layer,
    LogStore.layer,
    PrekeyStore.layer
  ).pipe(
    Layer.provide(migrated),
    Layer.provide(SqliteClient.layer(options))
  )
}
