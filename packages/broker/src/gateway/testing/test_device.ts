/**
 * A device in tests: attaches over any wire, and speaks in frames.
 *
 * @module
 */
import {
  type AttachClaim,
  type DeviceFrame,
  type DeviceId,
  type Envelope,
  type MeshId,
  PROTOCOL_VERSIONS,
  signAttach,
  writeFrame
} from "@claudemesh/protocol"
import type { SignKeyPair } from "@claudemesh/protocol/crypto"
import { Effect } from "effect"
import type { Wire } from "./wire.ts"

/** Whose device it is. */
export interface Identity {
  readonly mesh: MeshId
  readonly device: DeviceId
  readonly deviceKey: SignKeyPair
}

/** The inbox of a test device: always the same one. */
export const INCARNATION = "AAAAAAAAAAAAAAAAAAAAAA"

/** Hands over a frame. */
export function say(wire: Wire, frame: DeviceFrame): Effect.Effect<void> {
  return Effect.sync(() => wire.send(writeFrame(frame)))
}

/** Answers the challenge, and waits until the device is attached. */
export const attachTo = Effect.fnUntraced(function*(
  wire: Wire,
  identity: Identity,
  have: Partial<AttachClaim["have"]> = {}
) {
  const challenge = yield* wire.inbox.next("challenge")
  yield* say(wire, attachFrame(identity, challenge, have))
  return yield* wire.inbox.next("attached")
})

/** An answer to a challenge. */
export function attachFrame(
  { device, deviceKey, mesh }: Identity,
  challenge: { readonly nonce: string; readonly origin: string },
  have: Partial<AttachClaim["have"]> = {}
): DeviceFrame {
  const claim: AttachClaim = {
    mesh,
    device,
    have: { statements: 0, upto: 0, ...have },
    incarnation: INCARNATION,
    versions: PROTOCOL_VERSIONS
  }
  return { type: "attach", ...claim, sig: signAttach(claim, challenge, deviceKey) }
}

/** A `send` frame. */
export function sendFrame(envelope: Envelope, ref = 1): DeviceFrame {
  return { type: "send", ref, envelope }
}
