/**
 * Reads and writes the prekeys of one mesh as a file, under the rules of all key files.
 *
 * @module
 */
import { Bytes1216, MeshId, Millis, type PrekeyId, prekeyIdOf } from "@claudemesh/protocol"
import { type KemKeyPair, kemKeyPair, toBase64Url } from "@claudemesh/protocol/crypto"
import { Effect, Option, type Redacted, Schema } from "effect"
import { writePrivate } from "../private_file.ts"
import { corrupt, orUnusable, readKeyFile, Seed, seedBytes, seedText } from "./key_file.ts"

/** A prekey with its private half. */
export interface OwnPrekey {
  readonly id: PrekeyId
  /** When it was made. */
  readonly at: number
  readonly pair: KemKeyPair
  readonly seed: Redacted.Redacted<Uint8Array>
}

/** The form of the file. */
const PrekeysFromText = Schema.fromJsonString(Schema.Struct({
  v: Schema.Literal(1),
  mesh: MeshId,
  prekeys: Schema.Array(Schema.Struct({ at: Millis, public: Bytes1216, seed: Seed }))
}))

/** The prekey of a seed, made at that time. */
export function ownPrekey(seed: Redacted.Redacted<Uint8Array>, at: number): OwnPrekey {
  const pair = kemKeyPair(seed)
  return { id: prekeyIdOf(toBase64Url(pair.publicKey)), at, pair, seed }
}

/** The prekeys in a file, the newest first; none if there is no such file. */
export const readPrekeys = Effect.fn("readPrekeys")(function*(path: string, mesh: MeshId) {
  const text = yield* readKeyFile(path)
  if (Option.isNone(text)) return []
  const file = Schema.decodeOption(PrekeysFromText)(text.value)
  if (Option.isNone(file)) return yield* corrupt(path, "it is truncated, or no prekey file")
  if (file.value.mesh !== mesh) return yield* corrupt(path, `it is of mesh "${file.value.mesh}"`)
  const made = file.value.prekeys.map(({ at, seed }) => ownPrekey(seedBytes(seed), at))
  if (
    made.some(({ pair }, nth) => toBase64Url(pair.publicKey) !== file.value.prekeys[nth]?.public)
  ) {
    return yield* corrupt(path, "its seeds do not make its public keys")
  }
  return made
})

/** Writes prekeys in place of what is at the path, in the order of their times. */
export const writePrekeys = Effect.fn("writePrekeys")(
  function*(path: string, mesh: MeshId, prekeys: ReadonlyArray<OwnPrekey>) {
    const rows = prekeys.toSorted((one, other) => other.at - one.at).map(({ at, pair, seed }) => ({
      at,
      public: toBase64Url(pair.publicKey),
      seed: seedText(seed)
    }))
    const text = yield* Effect.orDie(
      Schema.encodeEffect(PrekeysFromText)({ v: 1, mesh, prekeys: rows })
    )
    yield* orUnusable(path, writePrivate(path, text))
  }
)
