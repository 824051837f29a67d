/**
 * Reads rows of the stores, which have the same columns in every database.
 *
 * What does not decode was never written by this program: that is a defect.
 *
 * @module
 */
import { Prekey, Statement } from "@claudemesh/protocol"
import { Effect, Schema } from "effect"
import type { Entry } from "./log_store.ts"

/** A row, by the names of its columns. */
type StoredRow = Readonly<Record<string, unknown>>

/** Reads an entry from `seq`, `envelope`, `expires_at`. */
export function toEntry(row: StoredRow): Entry {
  return {
    seq: Number(row["seq"]),
    text: String(row["envelope"]),
    expiresAt: Number(row["expires_at"])
  }
}

/** Reads statements from `statement`. */
export function toStatements(rows: ReadonlyArray<StoredRow>) {
  return Effect.orDie(decodeStatements(rows.map((row) => row["statement"])))
}

/** Reads prekeys from `prekey`. */
export function toPrekeys(rows: ReadonlyArray<StoredRow>) {
  return Effect.orDie(decodePrekeys(rows.map((row) => row["prekey"])))
}

const decodeStatements = Schema.decodeUnknownEffect(
  Schema.Array(Schema.fromJsonString(Statement))
)

const decodePrekeys = Schema.decodeUnknownEffect(Schema.Array(Schema.fromJsonString(Prekey)))
