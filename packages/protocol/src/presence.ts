/**
 * Presence: whether a device is connected. It never decides delivery.
 *
 * @module
 */
import { Schema } from "effect"
import { Millis } from "./encodings.ts"
import { DeviceId } from "./ids.ts"
import { PresenceState } from "./vocabulary.ts"

/** The presence of one device, and since when by the broker's clock. */
export const DevicePresence = Schema.Struct({
  device: DeviceId,
  state: PresenceState,
  since: Millis
})
export type DevicePresence = typeof DevicePresence.Type
