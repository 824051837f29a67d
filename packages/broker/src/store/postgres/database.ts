/**
 * The broker's Postgres database, checked and migrated, and the stores on it.
 *
 * @module
 */
import { PgClient } from "@effect/sql-pg"
import { type Refused, refused } from "@claudemesh/protocol"
import { Effect, Layer } from "effect"
import type { SqlClient, SqlError } from "effect/sql"
import type { StoreFailed } from "../store_failed.ts"
import type { DatabaseUrl } from "./database_url.ts"
import * as LogStore from "./log_store.ts"
import { Lineage } from "./lineage.ts"
import * as MembershipStore from "./membership_store.ts"
import { migrate } from "./migrate.ts"
import { migrations } from "./migrations/mod.ts"
import * as PrekeyStore from "./prekey_store.ts"
import { checkServer, refusalOf } from "./server_check.ts"
import * as StoreClock from "./store_clock.ts"
import * as StoreIdentity from "./store_identity.ts"

/** Sessions of one broker at most; a batch of admissions takes one, and readers the others. */
const CONNECTIONS_MAX = 5

/** A way that is cut in silence is noticed by then. */
const KEEP_ALIVE = "30 seconds"

/** Every store of the broker, in one database. What keeps it from being used at the start is a refusal. */
export function layer(address: DatabaseUrl) {
  return layerOn(
    address,
    PgClient.layer({
      ...address.connection,
      applicationName: "claudemesh broker",
      maxConnections: CONNECTIONS_MAX,
      keepAlive: KEEP_ALIVE,
      // A pooler may hand the next statement to another session.
      prepare: false
    })
  )
}

/** The same, over connections that somebody else makes. */
export function layerOn<E extends SqlError.SqlError>(
  { shown }: DatabaseUrl,
  client: Layer.Layer<SqlClient.SqlClient, E>
) {
  const ready = Layer.effectDiscard(Effect.andThen(checkServer(shown), migrate(migrations)))
  return Layer.mergeAll(
    StoreClock.layer,
    StoreIdentity.layer,
    MembershipStore.layer,
    LogStore.layer,
    PrekeyStore.layer
  ).pipe(
    Layer.provide(Lineage.layer),
    Layer.provide(ready),
    Layer.provide(client),
    Layer.catch((error) => Layer.effectContext(Effect.fail(asRefused(error, shown))))
  )
}

/** What went well at the check and fails a moment later is most likely on its way down. */
function asRefused(error: Refused | SqlError.SqlError | StoreFailed, shown: string): Refused {
  if (error._tag === "Refused") return error
  if (error._tag === "SqlError") return refusalOf(error, shown)
  return refused("database_unreachable", `Cannot use the database ${shown}: ${error.reason}`)
}
