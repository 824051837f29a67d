/**
 * Reaches under the client, for paths where a statement may cost a microsecond but not ten.
 *
 * @module
 */
import { Context, type Effect } from "effect"
import type { SqlError } from "effect/sql"
import type { Prepare } from "./statements.ts"

export type { Prepare } from "./statements.ts"

/**
 * The connection without Effect around each statement.
 *
 * It is the same connection: the body joins the transaction its fiber has open, and otherwise
 * waits until no fiber has one. So a batch is
 * `sql.withTransaction(database.use((prepare) => …))`.
 */
export class Database extends Context.Service<Database, {
  /**
   * Runs a synchronous body with the connection to itself.
   *
   * `prepare` answers with a statement of `node:sqlite`, kept from call to call. Column names are
   * SQL's. What SQLite throws is a `SqlError`; what else the body throws is a defect; either rolls
   * the transaction around it back. The body neither begins nor commits, and keeps no statement
   * for later.
   */
  readonly use: <A>(body: (prepare: Prepare) => A) => Effect.Effect<A, SqlError.SqlError>
}>()("@claudemesh/sqlite/database") {}
