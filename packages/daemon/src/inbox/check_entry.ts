/**
 * Checks one entry of a mailbox and opens it, reading on in the membership log if its sender knows more of it.
 *
 * @module
 */
import {
  type Envelope,
  type Membership,
  type OpenContext,
  type Opened,
  openEnvelope,
  type Push,
  readEnvelope,
  type Verdict
} from "@claudemesh/protocol"
import { Effect, Result } from "effect"
import type { Attachment } from "../broker_link/attachment.ts"
import { bump } from "../counter.ts"
import { Meshes } from "../meshes/meshes.ts"
import { Prekeys } from "../prekeys/prekeys.ts"
import { deviceOf } from "../roster/roster.ts"

/** An envelope that was not accepted, and why. */
export interface Refusal {
  readonly envelope: Envelope
  readonly verdict: Verdict
  /** Whether its sender is of this mesh: who is not cannot be told, and a broker could name anybody, without end. */
  readonly isOfMember: boolean
}

/** An entry after its checks: opened, refused, or not even an envelope. */
export type Checked =
  & { readonly seq: number }
  & ({ readonly opened: Opened } | Refusal | { readonly unreadable: true })

/** Needs the meshes with their membership, and our prekeys. */
export const makeCheckEntry = Effect.gen(function*() {
  const meshes = yield* Meshes
  const prekeys = yield* Prekeys

  const contextOf = Effect.fnUntraced(function*({ device, mesh }: Attachment) {
    const { membership } = yield* meshes.find(mesh)
    const context: OpenContext | undefined = membership &&
      { membership, device, prekey: yield* prekeys.finder(mesh) }
    return context
  })
  const open = Effect.fnUntraced(function*(attachment: Attachment, envelope: Envelope) {
    const context = yield* contextOf(attachment)
    return context === undefined
      ? Result.fail("head_moved" as const)
      : openEnvelope(envelope, context)
  })
  return Effect.fnUntraced(function*(attachment: Attachment, push: Push) {
    const { seq } = push
    const envelope = Result.getOrUndefined(readEnvelope(push.envelope))
    if (envelope === undefined) return { seq, unreadable: true } satisfies Checked
    const first = yield* open(attachment, envelope)
    const isBehind = Result.isFailure(first) && first.failure === "head_moved"
    const result = isBehind
      ? yield* Effect.andThen(attachment.catchUp, open(attachment, envelope))
      : first
    if (Result.isSuccess(result)) return { seq, opened: result.success } satisfies Checked
    const { membership } = yield* meshes.find(attachment.mesh)
    const verdict = result.failure === "head_moved"
      ? unconfirmed(envelope, membership)
      : result.failure
    if (verdict === "reseal") yield* bump(prekeys.misses)
    const { from, mesh } = envelope.header
    const isOfMember = mesh === attachment.mesh && deviceOf(membership, from.device) !== undefined
    return { seq, envelope, verdict, isOfMember } satisfies Checked
  })
})

/**
 * The broker has no more of the log, so the sender's view of it cannot be confirmed. Of a device that is
 * not in it nothing is signed: such a header could be anybody's, and is no sign of a fork.
 */
function unconfirmed(
  { header: { from } }: Envelope,
  membership: Membership | undefined
): Verdict {
  return deviceOf(membership, from.device) === undefined ? "unknown_sender" : "membership_fork"
}
