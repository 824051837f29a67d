/**
 * Turns `camelCase` names into `snake_case` for SQL, and the columns of rows back.
 *
 * Both remember what they have turned, because each statement and each result asks again.
 *
 * @module
 */
import { String } from "effect"
import type { SqlConnection } from "effect/sql"

/** Names are the program's own, so there are few; past this many they are no longer remembered. */
const NAMES_MAX = 1_000

/** `createdAt` → `created_at`. */
export const toSnake = remember(String.camelToSnake)

/** `created_at` → `createdAt`. */
export const toCamel = remember(String.snakeToCamel)

/**
 * Renames the columns of all rows of one result.
 *
 * They share their columns, so the first row decides for all. Rows without a name to change are
 * passed on as they are.
 */
export function toCamelRows<A extends object>(rows: ReadonlyArray<A>): ReadonlyArray<A>
export function toCamelRows(
  rows: ReadonlyArray<SqlConnection.Row>
): ReadonlyArray<SqlConnection.Row> {
  const first = rows[0]
  if (first === undefined) return rows
  const columns = Object.keys(first)
  if (!columns.some((column) => column.includes("_"))) return rows
  const names = columns.map((column) => [column, toCamel(column)] as const)
  return rows.map((row) => {
    const renamed: Record<string, unknown> = {}
    for (const [column, name] of names) renamed[name] = row[column]
    return renamed
  })
}

function remember(turn: (name: string) => string): (name: string) => string {
  const known = new Map<string, string>()
  return (name) => {
    const before = known.get(name)
    if (before !== undefined) return before
    const turned = turn(name)
    if (known.size < NAMES_MAX) known.set(name, turned)
    return turned
  }
}
