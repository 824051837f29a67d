/**
 * Looks at a database server before anything is asked of it: whether it is there, lets us in, and is fit to keep mail.
 *
 * @module
 */
import { type ErrorCode, type Refused, refused } from "@claudemesh/protocol"
import { Effect } from "effect"
import { SqlClient, type SqlError } from "effect/sql"
import { makeRepeated } from "./persistence.ts"
import { sentenceOf, stateOf } from "./sql_fault.ts"
import type { Row } from "./transaction.ts"

/** The oldest version that its makers still mend. */
const MAJOR_MIN = 14

/** Refuses a server that would not do; warns of one that does not sync. */
export const checkServer = Effect.fn("checkServer")(function*(shown: string) {
  const sql = yield* SqlClient.SqlClient
  const repeated = yield* makeRepeated
  const [row = {}] = yield* Effect.mapError(
    repeated(sql.unsafe<Row>(FACTS)),
    (error) => refusalOf(error, shown)
  )
  const wrong = unfitness(row)
  if (wrong !== undefined) {
    return yield* refused("database_unusable", `Cannot use the database ${shown}: ${wrong}`)
  }
  if (row["fsync"] !== "on") {
    yield* Effect.logWarning(
      "The database server does not sync what it commits (fsync is off): a power failure loses mail"
    )
  }
})

const FACTS = `SELECT current_setting('server_version_num')::int / 10000 AS major,
  current_setting('server_encoding') AS encoding, current_setting('fsync') AS fsync,
  pg_is_in_recovery() AS is_standby`

/** Why these facts speak against a server; nothing if none does. */
export function unfitness({ encoding, is_standby, major }: Row): string | undefined {
  if (Number(major) < MAJOR_MIN) {
    return `its Postgres is of version ${
      String(major)
    }, and ${MAJOR_MIN} is the oldest that will do`
  }
  if (is_standby === true) return "it is a standby, which takes no writes"
  if (encoding !== "UTF8") return `its encoding is ${String(encoding)}, and UTF8 is needed`
  return undefined
}

/** How a failure at the start looks to the operator. */
export function refusalOf(error: SqlError.SqlError, shown: string): Refused {
  return refused(codeOf(error), `Cannot use the database ${shown}: ${sentenceOf(error)}`)
}

/**
 * Unknown databases and schemas, and what the role may not do, are for the operator to settle. A server that
 * starts or stops, and a lock that somebody keeps, are like a server that does not answer: try again later.
 */
function codeOf(error: SqlError.SqlError): ErrorCode {
  switch (error.reason._tag) {
    case "AuthenticationError":
    case "AuthorizationError":
      return "database_denied"
    case "ConnectionError":
      return "database_unreachable"
    default:
      return /^57P|^55P03$/.test(stateOf(error) ?? "")
        ? "database_unreachable"
        : "database_unusable"
  }
}
