/**
 * Seals a call, or the answer to one, for one device.
 *
 * Nothing of it goes through the outbox: what is not there in time is not wanted any more.
 *
 * @module
 */
import {
  type Call,
  type CallAnswer,
  CallContent,
  type DeviceId,
  type MeshId,
  MessageId,
  type Prekey,
  type Refused,
  refused,
  SALT_BYTES,
  sealEnvelope,
  sealRandomBytes
} from "@claudemesh/protocol"
import { utf8 } from "@claudemesh/protocol/crypto"
import { Clock, Effect, Schema } from "effect"
import * as SecureRandom from "effect/crypto/SecureRandom"
import { Meshes } from "../meshes/meshes.ts"
import { makeCallNumbers } from "./call_numbers.ts"

/** To whom, with which key, and for how long it is worth anything. */
export interface CallAddress {
  readonly mesh: MeshId
  readonly device: DeviceId
  readonly prekey: Prekey
  readonly ttl: number
}

/** Seals calls and answers. */
export const makeSealCall = Effect.gen(function*() {
  const random = yield* SecureRandom.SecureRandom
  const meshes = yield* Meshes
  const numbers = yield* makeCallNumbers

  return Effect.fn("Calls.seal")(
    function*({ device, mesh, prekey, ttl }: CallAddress, content: Call | CallAnswer) {
      const { identity, membership } = yield* meshes.find(mesh)
      if (membership === undefined) return yield* unknownMesh(mesh)
      const { hash, seq } = membership.head
      const draft = {
        mesh,
        from: { device: identity.deviceId },
        class: "rpc",
        to: [{ device, sseq: yield* Effect.orDie(numbers.next(mesh, device)) }],
        id: MessageId.make(yield* random.uuidV7()),
        attempt: 0,
        sent_at: yield* Clock.currentTimeMillis,
        ttl,
        log_head: [seq, hash] as const
      }
      const plaintext = {
        meta: { priority: "low" as const },
        content: utf8(yield* Effect.orDie(writeCall(content))),
        salt: yield* random.randomBytes(SALT_BYTES)
      }
      return yield* Effect.fromResult(sealEnvelope(draft, plaintext, {
        prekeys: new Map([[device, prekey]]),
        random: yield* random.randomBytes(sealRandomBytes(1)),
        key: identity.device
      }))
    }
  )
})

const writeCall = Schema.encodeEffect(CallContent)

function unknownMesh(mesh: MeshId): Refused {
  return refused("not_attached", `Cannot call anybody in mesh "${mesh}": its log is not here yet`)
}
