/**
 * Lists what the outbox holds, for whoever wants to see it.
 *
 * @module
 */
import type { MeshId } from "@claudemesh/protocol"
import type { OutboxState } from "@claudemesh/protocol/local_api"
import { Effect, Schema } from "effect"
import { SqlClient, SqlSchema } from "effect/sql"
import { OutboxRow } from "./outbox_store.ts"

/** Which messages are wanted: of a mesh, in a state or all of them (else those on their way), the newest so many. */
export interface OutboxQuery {
  readonly mesh: MeshId | undefined
  readonly state: OutboxState | "any" | undefined
  readonly limit: number
}

/** The states that are looked among, in the words of the index that holds them. */
const AMONG = {
  open: "state IN ('pending', 'sending', 'admitted')",
  failed: "state IN ('dead', 'expired')",
  over: "state IN ('delivered', 'dead', 'expired', 'aborted')",
  any: "true"
} as const

function amongOf(state: OutboxQuery["state"]): keyof typeof AMONG {
  if (state === "any") return "any"
  if (state === "dead" || state === "expired") return "failed"
  return state === "delivered" || state === "aborted" ? "over" : "open"
}

/** The queries of the list; every failure of them is a defect. */
export const makeOutboxList = Effect.gen(function*() {
  const sql = yield* SqlClient.SqlClient
  const countFailed = SqlSchema.findOne({
    Request: Schema.NullOr(Schema.String),
    Result: Schema.Struct({ failed: Schema.Int }),
    execute: (mesh) =>
      sql`SELECT count(*) AS failed FROM outbox
        WHERE class = 'dm' AND ${sql.literal(AMONG.failed)} AND (${mesh} IS NULL OR mesh = ${mesh})`
  })
  const findNewest = SqlSchema.findAll({
    Request: Schema.Struct({
      mesh: Schema.NullOr(Schema.String),
      state: Schema.NullOr(Schema.String),
      among: Schema.Literals(["open", "failed", "over", "any"]),
      limit: Schema.Int
    }),
    Result: OutboxRow,
    // Positions first: sorted are numbers then, and not what was written.
    execute: ({ among, limit, mesh, state }) =>
      sql`SELECT * FROM outbox WHERE position IN (
          SELECT position FROM outbox WHERE class = 'dm' AND ${sql.literal(AMONG[among])}
            AND (${mesh} IS NULL OR mesh = ${mesh}) AND (${state} IS NULL OR state = ${state})
            ORDER BY position DESC LIMIT CAST(${limit} AS INTEGER)
        ) ORDER BY position`
  })
  const list = Effect.fnUntraced(function*({ limit, mesh = null, state }: NullableQuery) {
    const among = amongOf(state)
    const only = state === undefined || state === "any" ? null : state
    return yield* Effect.orDie(findNewest({ mesh, state: only, among, limit }))
  })
  return {
    /** The newest that match, oldest first. */
    list,
    /** How many have ended without arriving. */
    failed: (mesh: MeshId | undefined) =>
      Effect.orDie(Effect.map(countFailed(mesh ?? null), ({ failed }) => failed))
  }
})

type NullableQuery = Omit<OutboxQuery, "mesh"> & { readonly mesh?: MeshId | null | undefined }
