/**
 * The tables behind `Meshes`: what a mesh is called here, its log, how far its mailbox was read.
 *
 * @module
 */
import { MeshId, Statement } from "@claudemesh/protocol"
import { Effect, Schema } from "effect"
import { SqlClient, SqlError, SqlSchema } from "effect/sql"

/** A mesh as it stands in the database. */
export const MeshRow = Schema.Struct({
  mesh: MeshId,
  name: Schema.String,
  storeEpoch: Schema.NullOr(Schema.String),
  upto: Schema.Int
})
export type MeshRow = typeof MeshRow.Type

const StatementText = Schema.Struct({ statement: Schema.fromJsonString(Statement) })

/** The queries of `Meshes`; every failure of them is a defect. */
export const makeMeshStore = Effect.gen(function*() {
  const sql = yield* SqlClient.SqlClient
  const findRows = SqlSchema.findAll({
    Request: Schema.Void,
    Result: MeshRow,
    execute: () => sql`SELECT mesh, name, store_epoch, upto FROM meshes ORDER BY added_at, mesh`
  })
  const findStatements = SqlSchema.findAll({
    Request: Schema.Struct({ mesh: MeshId, after: Schema.Int }),
    Result: StatementText,
    execute: ({ after, mesh }) =>
      sql`SELECT statement FROM statements WHERE mesh = ${mesh} AND seq > ${after} ORDER BY seq`
  })
  return {
    rows: Effect.orDie(findRows()),
    statements: (mesh: MeshId, after = 0) =>
      Effect.orDie(
        Effect.map(
          findStatements({ mesh, after }),
          (rows) => rows.map(({ statement }) => statement)
        )
      ),
    /** The name is kept if the mesh is known, and made unique if it is not. */
    add: (mesh: MeshId, name: string, at: number) =>
      Effect.orDie(sql`
        INSERT INTO meshes ${sql.insert({ mesh, name, addedAt: at })} ON CONFLICT (mesh) DO NOTHING
      `),
    /** What stands there under the same numbers did not fold, and gives way. */
    append: (mesh: MeshId, statements: ReadonlyArray<Statement>) =>
      Effect.orDie(
        Effect.forEach(statements, (statement) =>
          sql`
        INSERT INTO statements ${
            sql.insert({ mesh, seq: statement.seq, statement: JSON.stringify(statement) })
          } ON CONFLICT (mesh, seq) DO UPDATE SET statement = excluded.statement
      `, { discard: true }).pipe(sql.withTransaction)
      ),
    /** One commit; whatever else fails of it is a defect. */
    commitRead: <A, E>(mesh: MeshId, upto: number, storing: Effect.Effect<A, E>) =>
      storing.pipe(
        Effect.tap(Effect.orDie(sql`UPDATE meshes SET upto = ${upto} WHERE mesh = ${mesh}`)),
        sql.withTransaction,
        Effect.catchIf((error) => SqlError.isSqlError(error), Effect.die)
      ),
    setStore: (mesh: MeshId, storeEpoch: string, sseqFloor: number) =>
      Effect.orDie(sql`
        UPDATE meshes SET
          upto = CASE WHEN store_epoch IS ${storeEpoch} THEN upto ELSE 0 END,
          store_epoch = ${storeEpoch},
          -- A floor above all we have sent means that this database lost streams: go on above it.
          sseq_floor = CASE WHEN CAST(${sseqFloor} AS INTEGER) >
            (SELECT coalesce(max(sseq), 0) FROM outgoing_streams WHERE mesh = ${mesh})
            THEN ${sseqFloor} ELSE sseq_floor END
        WHERE mesh = ${mesh}
      `),
    /** One commit with what else is to go. */
    remove: <E>(mesh: MeshId, alongside: Effect.Effect<void, E>) =>
      Effect.gen(function*() {
        yield* sql`DELETE FROM meshes WHERE mesh = ${mesh}`
        yield* sql`DELETE FROM statements WHERE mesh = ${mesh}`
        yield* alongside
      }).pipe(
        sql.withTransaction,
        Effect.catchIf((error) => SqlError.isSqlError(error), Effect.die)
      )
  }
})
