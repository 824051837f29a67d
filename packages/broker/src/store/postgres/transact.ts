/**
 * What the stores do in transactions, and what they only read.
 *
 * @module
 */
import { Effect } from "effect"
import { SqlClient, type SqlError } from "effect/sql"
import { StoreFailed } from "../store_failed.ts"
import { Lineage } from "./lineage.ts"
import { makePersist } from "./persistence.ts"
import { makeTransaction, type Query, type Row } from "./transaction.ts"

/** All of the body, or nothing; when the effect succeeds it is on disk. The body may run more than once. */
export type Transact = <A>(
  body: (query: Query) => Effect.Effect<A, SqlError.SqlError>
) => Effect.Effect<A, StoreFailed>

/** Reads with one statement, which sees everything that was committed before. */
export type Read = (
  text: string,
  parameters: ReadonlyArray<unknown>
) => Effect.Effect<ReadonlyArray<Row>, StoreFailed>

/** The transactions of the database there is. */
export const makeTransact = Effect.gen(
  function*(): Effect.gen.Return<Transact, never, SqlClient.SqlClient | Lineage> {
    const transaction = yield* makeTransaction
    const persist = yield* makePersist
    const { enter, settle } = yield* Lineage

    // What was asked belongs to devices that still count by the old name.
    const changed = Effect.andThen(settle, Effect.fail(changedStore))

    return (body) =>
      persist(Effect.catchTag(
        transaction((query) => Effect.andThen(enter(query), body(query))),
        "LineageChanged",
        () => changed
      ))
  }
)

const changedStore = new StoreFailed({
  fault: "unknown",
  reason: "the database is another one than it was"
})

/** The reads of the database there is. */
export const makeRead = Effect.gen(
  function*(): Effect.gen.Return<Read, never, SqlClient.SqlClient> {
    const sql = yield* SqlClient.SqlClient
    const persist = yield* makePersist
    return (text, parameters) => persist(sql.unsafe<Row>(text, parameters))
  }
)
