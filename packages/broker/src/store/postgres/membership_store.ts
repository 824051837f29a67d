/**
 * Membership logs in Postgres.
 *
 * @module
 */
import { MeshId } from "@claudemesh/protocol"
import { Effect, Layer } from "effect"
import { MembershipStore, type StoredChange } from "../membership_store.ts"
import { toStatements } from "../stored_rows.ts"
import { makeRead, makeTransact } from "./transact.ts"
import type { Query } from "./transaction.ts"

/** Needs a migrated database. */
export const layer = Layer.effect(
  MembershipStore,
  Effect.gen(function*() {
    const transact = yield* makeTransact
    const readRows = yield* makeRead

    const read = Effect.fn("MembershipStore.read")(
      function*(mesh: MeshId, after: number, limit: number) {
        const rows = yield* readRows(
          "SELECT statement FROM statements WHERE mesh = $1 AND seq > $2::bigint ORDER BY seq LIMIT $3::int",
          [mesh, after, limit]
        )
        return yield* toStatements(rows)
      }
    )

    return MembershipStore.of({
      read,
      append: (change) => transact((query) => append(query, change)),
      meshOfInvite: (invite) =>
        Effect.map(
          readRows("SELECT mesh FROM invites WHERE invite = $1", [invite]),
          ([row]) => row && MeshId.make(String(row["mesh"]))
        )
    })
  })
)

const append = Effect.fnUntraced(function*(query: Query, change: StoredChange) {
  const { devicesAdded, devicesEnded, invitesAdded, mesh } = change
  const [moved] = yield* moveHead(query, change)
  if (moved === undefined) return false
  yield* insertStatements(query, change)
  // Whoever admits something of a device, or to it, holds its row: either that came first, or it finds the end.
  yield* query(LOCK, [mesh, [...devicesAdded, ...devicesEnded]])
  if (devicesAdded.length > 0) yield* query(ADD, [mesh, [...new Set(devicesAdded)]])
  if (devicesEnded.length > 0) yield* query(END, [mesh, devicesEnded])
  if (invitesAdded.length > 0) yield* query(OFFER, [mesh, invitesAdded])
  return true
})

/** Answers with a row if the log stood where the change says. */
function moveHead(query: Query, { after, head, mesh }: StoredChange) {
  return after === undefined
    ? query(
      `INSERT INTO meshes (mesh, head, head_hash) VALUES ($1, $2::bigint, $3)
       ON CONFLICT DO NOTHING RETURNING mesh`,
      [mesh, head.seq, head.hash]
    )
    : query(
      `UPDATE meshes SET head = $2::bigint, head_hash = $3
       WHERE mesh = $1 AND head = $4::bigint AND head_hash = $5 RETURNING mesh`,
      [mesh, head.seq, head.hash, after.seq, after.hash]
    )
}

function insertStatements(query: Query, { mesh, statements }: StoredChange) {
  return query(
    `INSERT INTO statements (mesh, seq, statement)
     SELECT $1, seq, statement FROM unnest($2::bigint[], $3::text[]) AS one (seq, statement)`,
    [
      mesh,
      statements.map(({ seq }) => BigInt(seq)),
      statements.map((statement) => JSON.stringify(statement))
    ]
  )
}

const LOCK = `SELECT FROM devices WHERE mesh = $1 AND device = ANY($2::text[])
  ORDER BY num FOR NO KEY UPDATE`

const ADD = `INSERT INTO devices (mesh, device, live) SELECT $1, unnest($2::text[]), true
  ON CONFLICT (mesh, device) DO UPDATE SET live = true`

const END = "UPDATE devices SET live = false WHERE mesh = $1 AND device = ANY($2::text[])"

/** Another mesh cannot take over an invite that one has offered before. */
const OFFER = `INSERT INTO invites (invite, mesh)
  SELECT DISTINCT invite, $1 FROM unnest($2::text[]) AS invite ORDER BY invite
  ON CONFLICT DO NOTHING`
