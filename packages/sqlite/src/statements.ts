/**
 * Keeps prepared statements, so that SQLite parses each text once.
 *
 * Bounded: past `STATEMENTS_MAX` the oldest goes and is prepared again when it is next wanted. Lists
 * of varying length (`sql.in`, inserts of many rows) make many texts; they cannot fill memory.
 *
 * `node:sqlite` runs the first statement of a text and silently drops the rest. Here such a text is
 * refused.
 *
 * @module
 */
import type { DatabaseSync, StatementSync } from "node:sqlite"

/** How many statements one connection keeps. */
export const STATEMENTS_MAX = 256

/** Answers with the statement for a text, preparing it if need be; throws what SQLite throws. */
export type Prepare = (sql: string) => StatementSync

/** Makes the store of one connection. */
export function keepStatements(database: DatabaseSync): Prepare {
  const kept = new Map<string, StatementSync>()
  return (sql) => {
    const known = kept.get(sql)
    if (known !== undefined) return known
    const statement = prepareOne(database, sql)
    if (kept.size === STATEMENTS_MAX) {
      for (const oldest of kept.keys()) {
        kept.delete(oldest)
        break
      }
    }
    kept.set(sql, statement)
    return statement
  }
}

/** Prepares a text that holds exactly one statement. */
export function prepareOne(database: DatabaseSync, sql: string): StatementSync {
  const statement = database.prepare(sql)
  const rest = sql.slice(statement.sourceSQL.length)
  if (!BLANK.test(rest)) {
    throw new Error(
      `a text holds one statement, and this goes on with "${rest.trim().slice(0, 40)}"`
    )
  }
  return statement
}

/** Space, semicolons and comments. */
const BLANK = /^(?:[\s;]|--[^\n]*(?:\n|$)|\/\*[\s\S]*?(?:\*\/|$))*$/
