/**
 * Words of few values that people and the wire share.
 *
 * Apart from everything that seals or signs, so that a verb can print them
 * without loading cryptography.
 *
 * @module
 */
import { Schema } from "effect"

/** What a member may do: an admin also changes the mesh itself. */
export const Role = Schema.Literals(["admin", "member"])
export type Role = typeof Role.Type

/** When the recipient should see a message. Never decides delivery. */
export const Priority = Schema.Literals(["now", "next", "low"])
export type Priority = typeof Priority.Type

/** What a recipient's device can say of a message. */
export const ReceiptStage = Schema.Literals([
  "inboxed",
  "held",
  "surfaced",
  "in_context",
  "answered",
  "rejected"
])
export type ReceiptStage = typeof ReceiptStage.Type

/** Connected; lost less than a lease ago; or not there. Never decides delivery. */
export const PresenceState = Schema.Literals(["attached", "away", "gone"])
export type PresenceState = typeof PresenceState.Type
