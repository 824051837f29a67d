/**
 * Says what Postgres' failures mean to whoever uses the store, and which of them a repetition cures.
 *
 * @module
 */
import { Predicate } from "effect"
import type { SqlError } from "effect/sql"
import { StoreFailed } from "../store_failed.ts"

/** By SQLSTATE, <https://www.postgresql.org/docs/current/errcodes-appendix.html>. */
const FAULTS: Readonly<Record<string, StoreFailed["fault"]>> = {
  "53100": "full",
  "58030": "io",
  "XX001": "corrupt",
  "XX002": "corrupt"
}

/**
 * What was rolled back as a whole, and may go well next time: serialization failures and deadlocks; sessions
 * that were ended, and servers that start, stop or have no session left; a standby that has not taken over yet.
 */
const PASSING: ReadonlySet<string> = new Set(
  "40001 40P01 25P03 53300 57P01 57P02 57P03 57P05 25006 55000".split(" ")
)

/** The SQLSTATE of a failure, if the server spoke. */
export function stateOf({ reason: { cause } }: SqlError.SqlError): string | undefined {
  if (!Predicate.hasProperty(cause, "code") || !Predicate.isString(cause.code)) return undefined
  return /^[0-9A-Z]{5}$/.test(cause.code) ? cause.code : undefined
}

/** Whether the same may succeed in a moment, on a connection that is well. */
export function isPassing(error: SqlError.SqlError): boolean {
  const state = stateOf(error)
  return state === undefined ? error.reason._tag === "ConnectionError" : PASSING.has(state)
}

/** What the server, or the way to it, says went wrong. */
export function sentenceOf({ message, reason: { cause } }: SqlError.SqlError): string {
  return Predicate.isError(cause) && cause.message !== "" ? cause.message : message
}

/** What the store's callers see of it. */
export function toStoreFailed(error: SqlError.SqlError): StoreFailed {
  return new StoreFailed({
    fault: FAULTS[stateOf(error) ?? ""] ?? "unknown",
    reason: sentenceOf(error)
  })
}
