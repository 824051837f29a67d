/**
 * The ways to the model of a session, in the order in which they are preferred (`claude_code.md` §2).
 *
 * @module
 */
import type { CarrierParts, SessionCarrier } from "./carrier.ts"
import { HookCarrier } from "./hook_carrier.ts"
import { SocketCarrier } from "./socket_carrier.ts"

/** The table; the last one always works. */
export const carriers: ReadonlyArray<(parts: CarrierParts) => SessionCarrier> = [
  (parts) => new SocketCarrier(parts),
  (parts) => new HookCarrier(parts)
]
