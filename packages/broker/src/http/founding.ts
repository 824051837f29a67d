/**
 * Who may found a mesh here: anyone on this machine, others with the first-admin code.
 *
 * @module
 */
import { hash, sameBytes, utf8 } from "@claudemesh/protocol/crypto"
import { Context, type Redacted, Redacted as Secret } from "effect"

export class Founding extends Context.Service<Founding, {
  /** What a founder must give; nothing where anybody may. */
  readonly code: Redacted.Redacted | undefined
}>()("@claudemesh/broker/http/founding") {}

/** Whether that code, or none, lets one found a mesh. */
export function mayFound({ code }: Founding["Service"], given: string | undefined): boolean {
  if (code === undefined) return true
  // Hashes are compared, so that the time it takes says nothing about the code.
  return given !== undefined && sameBytes(hash(utf8(given.trim())), hash(utf8(Secret.value(code))))
}
