/**
 * The prekeys of others, asked of the broker and kept for as long as a connection lives.
 *
 * A prekey that its device has not signed is treated as none: the message
 * waits, rather than be sealed for somebody else.
 *
 * @module
 */
import {
  type DeviceId,
  liveDevice,
  type Membership,
  type Prekey,
  type Refused,
  verifyPrekey
} from "@claudemesh/protocol"
import { Clock, Effect, Ref } from "effect"
import type { LinkLost } from "../broker_link/broker_transport.ts"
import type { Connection } from "../broker_link/connection.ts"

/**
 * Age at which a prekey is asked for again. It is renewed daily, but a machine whose clock was set
 * erases its old ones at once; until then nothing can tell it what became of its messages.
 */
const ASK_AGAIN_MILLIS = 60_000

/** Devices of one request. */
const DEVICES_MAX = 16

/** Finds the prekeys of others. */
export interface RecipientPrekeys {
  /** The prekeys there are of these devices; `anew` asks for them even if they are known. */
  readonly find: (
    membership: Membership,
    devices: ReadonlyArray<DeviceId>,
    anew: ReadonlySet<DeviceId>
  ) => Effect.Effect<ReadonlyMap<string, Prekey>, Refused | LinkLost>
}

interface Known {
  readonly prekey: Prekey
  readonly askedAt: number
}

/** Keeps prekeys for one connection. */
export const makeRecipientPrekeys = Effect.fnUntraced(function*(connection: Connection) {
  const known = yield* Ref.make<ReadonlyMap<DeviceId, Known>>(new Map())

  const ask = Effect.fnUntraced(
    function*(membership: Membership, devices: ReadonlyArray<DeviceId>) {
      const { mesh } = membership
      const answer = yield* connection.request({
        type: "get_prekeys",
        mesh,
        devices: devices.slice(0, DEVICES_MAX)
      })
      const items = answer.type === "prekeys" ? answer.items : []
      const askedAt = yield* Clock.currentTimeMillis
      const genuine = items.filter((prekey) => {
        const device = liveDevice(membership, prekey.device)
        return device !== undefined && prekey.mesh === mesh && verifyPrekey(prekey, device.key)
      })
      yield* Ref.update(known, (map) =>
        new Map([
          ...map,
          ...genuine.map((prekey) => [prekey.device, { prekey, askedAt }] as const)
        ]))
    }
  )
  const find: RecipientPrekeys["find"] = Effect.fn("RecipientPrekeys.find")(
    function*(membership, devices, anew) {
      const now = yield* Clock.currentTimeMillis
      const before = yield* Ref.get(known)
      const missing = devices.filter((device) => {
        const entry = before.get(device)
        return entry === undefined || anew.has(device) ||
          Math.abs(now - entry.askedAt) > ASK_AGAIN_MILLIS
      })
      for (let from = 0; from < missing.length; from += DEVICES_MAX) {
        yield* ask(membership, missing.slice(from, from + DEVICES_MAX))
      }
      const after = yield* Ref.get(known)
      return new Map(devices.flatMap((device) => {
        const entry = after.get(device)
        return entry === undefined ? [] : [[device, entry.prekey] as const]
      }))
    }
  )
  return { find }
})
