/**
 * A mesh of this machine: who we are in it, its membership so far, and how far its mailbox was read.
 *
 * @module
 */
import {
  limits,
  type Membership,
  type MeshId,
  type Refused,
  refused,
  type Statement,
  statementHash
} from "@claudemesh/protocol"
import { HashMap, Option, Result } from "effect"
import type { Identity } from "../identity/identity.ts"
import type { MeshRow } from "./mesh_store.ts"

/** A mesh of this machine. */
export interface Mesh {
  readonly id: MeshId
  /** What it is called here. */
  readonly name: string
  readonly identity: Identity
  /** Nothing until the broker has sent the log, after a damaged database. */
  readonly membership: Membership | undefined
  /** The broker's store that `upto` counts in; nothing before the first attach. */
  readonly storeEpoch: string | undefined
  /** The last entry of our mailbox that is committed here. */
  readonly upto: number
}

/** The mesh of what is on disk. */
export function meshOf(identity: Identity, row: MeshRow, membership: Membership | undefined): Mesh {
  const { name, storeEpoch, upto } = row
  return {
    id: identity.mesh,
    identity,
    name,
    membership,
    storeEpoch: storeEpoch ?? undefined,
    upto
  }
}

/** The mesh of that name, or the only one whose id begins so. */
export function findMesh(meshes: ReadonlyArray<Mesh>, typed: string): Result.Result<Mesh, Refused> {
  const exact = meshes.find(({ name }) => name === typed)
  if (exact !== undefined) return Result.succeed(exact)
  const digits = typed.startsWith("m_") ? typed.slice(2) : typed
  const begun = digits.length < limits.idPrefixMin
    ? []
    : meshes.filter(({ id }) => id.slice(2).startsWith(digits))
  const [only, ...others] = begun
  if (only !== undefined && others.length === 0) return Result.succeed(only)
  const candidates = (begun.length > 0 ? begun : meshes).map(({ name }) => name)
  const code = begun.length > 1 ? "ambiguous_name" : "mesh_not_found"
  return Result.fail(
    refused(code, `Cannot find one mesh "${typed}" on this machine`, { candidates })
  )
}

/** The statements that follow what is known. One that we have otherwise is a fork. */
export function newStatements(
  membership: Membership | undefined,
  statements: ReadonlyArray<Statement>
): Result.Result<ReadonlyArray<Statement>, Refused> {
  if (membership === undefined) return Result.succeed(statements)
  const { hashes, head } = membership
  const forked = statements.find((statement) =>
    statement.seq <= head.seq &&
    Option.getOrUndefined(HashMap.get(hashes, statement.seq)) !== statementHash(statement)
  )
  if (forked === undefined) return Result.succeed(statements.filter(({ seq }) => seq > head.seq))
  const where = `mesh ${forked.mesh}, statement ${forked.seq}`
  return Result.fail(
    refused(
      "membership_fork",
      `Cannot follow the broker: it shows another membership log (${where})`
    )
  )
}
