/**
 * Says which messages of the inbox are kept from agents: what waits for a human, and what one has dropped.
 *
 * It holds for every agent of the user, not only for the one that was to be shown the message: else one would
 * read it to the other.
 *
 * @module
 */
import type { SqlClient } from "effect/sql"
import type { SurfacingState } from "./surfacing_rows.ts"

/** A state in which a message is kept from agents. */
export type Withheld = Extract<SurfacingState, "held" | "dropped">

/** Whether a message of that state is kept from agents. */
export function isWithheld(state: SurfacingState | undefined): state is Withheld {
  return state === "held" || state === "dropped"
}

/** A condition on rows of `inbox`: for an agent (1) what it may read, for the user (0) everything. */
export function readableBy(sql: SqlClient.SqlClient, forAgent: number) {
  return sql`(${forAgent} = 0 OR NOT EXISTS (
    SELECT 1 FROM surfacings kept WHERE kept.position = inbox.position
      AND kept.state IN ('held', 'dropped')
  ))`
}
