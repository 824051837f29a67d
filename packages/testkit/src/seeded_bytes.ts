/**
 * Random bytes that are the same for the same seed: a whole mesh, keys included, can be made again.
 *
 * @module
 */
import { Layer } from "effect"
import * as SecureRandom from "effect/crypto/SecureRandom"
import { concatBytes, keyedHash, utf8 } from "@claudemesh/protocol/crypto"

/** A source of bytes: each call gives the next `size` of one endless row. */
export function seededBytes(seed: string): (size: number) => Uint8Array {
  const key = keyedHash(utf8("claudemesh testkit"), utf8(seed))
  let block = 0
  return (size) => {
    const parts: Array<Uint8Array> = []
    for (let length = 0; length < size; length += 32) {
      parts.push(keyedHash(key, utf8(`${block++}`)))
    }
    return concatBytes(...parts).subarray(0, size)
  }
}

/** `SecureRandom` from a seed. */
export function layerSeededRandom(seed: string): Layer.Layer<SecureRandom.SecureRandom> {
  return Layer.sync(SecureRandom.SecureRandom, () => SecureRandom.make(seededBytes(seed)))
}
