/**
 * Membership logs in SQLite.
 *
 * @module
 */
import { MeshId } from "@claudemesh/protocol"
import type { Prepare } from "@claudemesh/sqlite"
import { Effect, Layer } from "effect"
import { MembershipStore, type StoredChange } from "../membership_store.ts"
import { toStatements } from "../stored_rows.ts"
import { makeRead, makeTransact } from "./transact.ts"

/** Needs a migrated database. */
export const layer = Layer.effect(
  MembershipStore,
  Effect.gen(function*() {
    const transact = yield* makeTransact
    const readOnly = yield* makeRead

    const read = Effect.fn("MembershipStore.read")(
      function*(mesh: MeshId, after: number, limit: number) {
        const rows = yield* readOnly((prepare) =>
          prepare(
            "SELECT statement FROM statements WHERE mesh = ? AND seq > ? ORDER BY seq LIMIT CAST(? AS INTEGER)"
          )
            .all(mesh, after, limit)
        )
        return yield* toStatements(rows)
      }
    )

    return MembershipStore.of({
      read,
      append: (change) => transact((prepare) => append(prepare, change)),
      meshOfInvite: (invite) =>
        readOnly((prepare) => {
          const row = prepare("SELECT mesh FROM invites WHERE invite = ?").get(invite)
          return row === undefined ? undefined : MeshId.make(String(row["mesh"]))
        })
    })
  })
)

function append(prepare: Prepare, change: StoredChange): boolean {
  if (!moveHead(prepare, change)) return false
  const { devicesAdded, devicesEnded, invitesAdded, mesh, statements } = change
  const insert = prepare("INSERT INTO statements (mesh, seq, statement) VALUES (?, ?, ?)")
  for (const statement of statements) insert.run(mesh, statement.seq, JSON.stringify(statement))
  const add = prepare(
    "INSERT INTO devices (mesh, device, live) VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET live = 1"
  )
  for (const device of devicesAdded) add.run(mesh, device)
  const end = prepare("UPDATE devices SET live = 0 WHERE mesh = ? AND device = ?")
  for (const device of devicesEnded) end.run(mesh, device)
  // Another mesh cannot take over an invite that one has offered before.
  const offer = prepare("INSERT INTO invites (invite, mesh) VALUES (?, ?) ON CONFLICT DO NOTHING")
  for (const invite of invitesAdded) offer.run(invite, mesh)
  return true
}

function moveHead(prepare: Prepare, { after, head, mesh }: StoredChange): boolean {
  const moved = after === undefined
    ? prepare("INSERT INTO meshes (mesh, head, head_hash) VALUES (?, ?, ?) ON CONFLICT DO NOTHING")
      .run(mesh, head.seq, head.hash)
    : prepare(
      "UPDATE meshes SET head = ?, head_hash = ? WHERE mesh = ? AND head = ? AND head_hash = ?"
    ).run(head.seq, head.hash, mesh, after.seq, after.hash)
  return moved.changes === 1
}
