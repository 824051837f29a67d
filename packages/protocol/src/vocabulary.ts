/**
 * Words of few values that people and the wire share.
 *
 * Apart from everything that seals or signs, so that a verb can print them
 * without loading cryptography.
 *
 * @module
 */
import { Schema } from "effect"
import { capabilityTable } from "./capabilities.ts"

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

/** A way to hand a message to a running agent; which ones there are, in the order they are tried. */
export const Carrier = Schema.Literals([
  "socket",
  "hook",
  "rewake",
  "monitor",
  "channel",
  "poll"
])
export type Carrier = typeof Carrier.Type

/**
 * Why a message waits for a human: nobody here knows its sender and the agent asks nobody before it acts,
 * a pair of agents keeps each other busy, or the agent's own client holds or refuses what peers say.
 */
export const HeldReason = Schema.Literals([
  "unknown_sender",
  "loop",
  "client_hold",
  "client_refuse"
])
export type HeldReason = typeof HeldReason.Type

/** Whether messages are pushed to an agent, wait for it to ask, or are none of its business. */
export const MessageMode = Schema.Literals(["push", "inbox", "off"])
export type MessageMode = typeof MessageMode.Type

/** What an agent may do at the local API; `capabilities.ts` says what each is. */
export type Capability = keyof typeof capabilityTable
export const Capability = Schema.Literals(Object.keys(capabilityTable).filter(isCapability))

function isCapability(text: string): text is Capability {
  return Object.hasOwn(capabilityTable, text)
}

const eachOnce = Schema.makeFilter<ReadonlyArray<Capability>>(
  (capabilities) => new Set(capabilities).size === capabilities.length,
  { expected: "each capability once" }
)

/** What an agent is limited to. */
export const Capabilities = Schema.Array(Capability).check(Schema.isMinLength(1), eachOnce)
export type Capabilities = typeof Capabilities.Type

/** What an agent is doing; `dnd` is only ever said by a person. */
export const AgentStatus = Schema.Literals(["idle", "working", "dnd"])
export type AgentStatus = typeof AgentStatus.Type

/** Who says what an agent is doing: the first counts most. */
export const StatusSource = Schema.Literals(["hook", "manual", "file"])
export type StatusSource = typeof StatusSource.Type

/** Connected; lost less than a lease ago; or not there. Never decides delivery. */
export const PresenceState = Schema.Literals(["attached", "away", "gone"])
export type PresenceState = typeof PresenceState.Type
