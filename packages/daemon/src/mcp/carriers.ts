/**
 * The ways to the model of a session, in the order in which they are preferred (`claude_code.md` §2).
 *
 * @module
 */
import type { CarrierParts, SessionCarrier } from "./carrier.ts"
import { HookCarrier } from "./hook_carrier.ts"
import { OutletCarrier } from "./outlet_carrier.ts"
import { SocketCarrier } from "./socket_carrier.ts"

/** The table. Hooks always work; what comes after them is for an agent at rest, whom they do not reach. */
export const carriers: ReadonlyArray<(parts: CarrierParts) => SessionCarrier> = [
  (parts) => new SocketCarrier(parts),
  (parts) => new HookCarrier(parts),
  (parts) => new OutletCarrier("rewake", parts),
  (parts) => new OutletCarrier("monitor", parts),
  (parts) => new OutletCarrier("channel", parts)
]
