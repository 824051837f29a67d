/**
 * Makes room for every number that an attempt may have by the protocol: any whole number that JavaScript counts to.
 *
 * The version before works on with it: what it writes is widened, and what it
 * reads it takes for a number.
 *
 * @module
 */
import { Effect } from "effect"
import { SqlClient } from "effect/sql"

export const widenAttempts = SqlClient.SqlClient.use((sql) =>
  Effect.asVoid(sql.unsafe("ALTER TABLE dedupes ALTER COLUMN attempt TYPE bigint"))
)
