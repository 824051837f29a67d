/**
 * Who may found a mesh here: anyone on this machine, others with the first-admin code.
 *
 * A mesh that was founded here before may be given back without the code, so
 * that a broker that has lost its database gets it back from the members.
 *
 * @module
 */
import type { PutStatements } from "@claudemesh/protocol"
import { hash, sameBytes, utf8 } from "@claudemesh/protocol/crypto"
import { Context, Effect, type Redacted, Redacted as Secret } from "effect"
import type { FoundedMeshes } from "../data/founded_meshes.ts"

export class Founding extends Context.Service<Founding, {
  /** What a founder must give; nothing where anybody may. */
  readonly code: Redacted.Redacted | undefined
  readonly founded: FoundedMeshes
}>()("@claudemesh/broker/http/founding") {}

/** Whether that code, or none, lets one found the mesh of this log, or give it back. */
export const mayFound = Effect.fnUntraced(function*(
  { code, founded }: Founding["Service"],
  { code: given, statements: [genesis] }: typeof PutStatements.Type
) {
  return isCode(code, given) || (genesis !== undefined && (yield* founded.has(genesis.mesh)))
})

function isCode(code: Redacted.Redacted | undefined, given: string | undefined): boolean {
  if (code === undefined) return true
  // Hashes are compared, so that the time it takes says nothing about the code.
  return given !== undefined && sameBytes(hash(utf8(given.trim())), hash(utf8(Secret.value(code))))
}
