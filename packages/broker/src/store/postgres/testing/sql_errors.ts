/**
 * Failures as the driver reports them.
 *
 * @module
 */
import { SqlError } from "effect/sql"

/** What the server says with a SQLSTATE. */
export function serverError(code: string, message = "refused"): SqlError.SqlError {
  const cause = Object.assign(new Error(message), { code })
  return new SqlError.SqlError({
    reason: new SqlError.UnknownError({ cause, message: "Query failed" })
  })
}

/** A way to the server that is cut. */
export function connectionError(message = "Connection closed"): SqlError.SqlError {
  const cause = Object.assign(new Error(message), { code: "ECONNRESET" })
  return new SqlError.SqlError({ reason: new SqlError.ConnectionError({ cause }) })
}
