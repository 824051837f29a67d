/**
 * The groups that a session says it is in, and what it is in each.
 *
 * @module
 */
import { Schema } from "effect"
import { Name } from "../ids.ts"

/** How many groups one session may be in. */
export const GROUPS_MAX = 16

/** One group, and the session's role within it. */
export const SessionGroup = Schema.Struct({ name: Name, role: Schema.optionalKey(Name) })
export type SessionGroup = typeof SessionGroup.Type

const eachOnce = Schema.makeFilter<ReadonlyArray<SessionGroup>>(
  (groups) => new Set(groups.map(({ name }) => name)).size === groups.length,
  { expected: "each group once" }
)

/** All of them, in the order in which they were said. */
export const SessionGroups = Schema.Array(SessionGroup).check(
  Schema.isMaxLength(GROUPS_MAX),
  eachOnce
)
export type SessionGroups = typeof SessionGroups.Type
