/**
 * Prekeys: the X-Wing keys that messages are sealed to, signed by their device and renewed often.
 *
 * @module
 */
import { Schema } from "effect"
import { fromBase64Url, sign, type SignKeyPair, toBase64Url, verify } from "./crypto/mod.ts"
import { Bytes1216, Bytes64, Millis } from "./encodings.ts"
import { DeviceId, MeshId, PrekeyId } from "./ids.ts"
import { deviceIdOf, prekeyIdOf } from "./key_ids.ts"

/** A prekey as the broker hands it out. */
export const Prekey = Schema.Struct({
  mesh: MeshId,
  device: DeviceId,
  id: PrekeyId,
  key: Bytes1216,
  at: Millis,
  sig: Bytes64
})
export type Prekey = typeof Prekey.Type

/** Signs a prekey of this device. */
export function signPrekey(unsigned: Omit<Prekey, "id" | "sig">, key: SignKeyPair): Prekey {
  const object = { ...unsigned, id: prekeyIdOf(unsigned.key) }
  return { ...object, sig: toBase64Url(sign("cm1/prekey", object, key)) }
}

/** Whether the prekey is the device's own; `deviceKey` is the device's base64url signing key. */
export function verifyPrekey({ sig, ...object }: Prekey, deviceKey: string): boolean {
  if (object.id !== prekeyIdOf(object.key) || object.device !== deviceIdOf(deviceKey)) return false
  const publicKey = fromBase64Url(deviceKey)
  return verify({ domain: "cm1/prekey", object, signature: fromBase64Url(sig), publicKey })
}
