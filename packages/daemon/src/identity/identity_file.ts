/**
 * Reads and writes identities as files: what each is called, its seeds, its public keys.
 *
 * One whose seeds do not make the public keys written beside them is refused.
 *
 * @module
 */
import { Bytes1216, Bytes32, MeshId, Millis, Name } from "@claudemesh/protocol"
import { toBase64Url } from "@claudemesh/protocol/crypto"
import { Effect, Option, Schema } from "effect"
import { writePrivate } from "../private_file.ts"
import { type Identity, type IdentityDraft, identityOf } from "./identity.ts"
import { corrupt, orUnusable, readKeyFile, Seed, seedBytes, seedText } from "./key_file.ts"

/** The form of the file. */
const IdentityFile = Schema.Struct({
  v: Schema.Literal(1),
  mesh: MeshId,
  mesh_name: Name,
  broker: Schema.String,
  member_name: Name,
  device_name: Name,
  created_at: Millis,
  seeds: Schema.Struct({
    root: Schema.optionalKey(Seed),
    member: Seed,
    device: Seed,
    sealing: Seed
  }),
  public: Schema.Struct({
    root: Schema.optionalKey(Bytes32),
    member: Bytes32,
    device: Bytes32,
    sealing: Bytes1216
  })
})
type IdentityFile = typeof IdentityFile.Type

const IdentityFromText = Schema.fromJsonString(IdentityFile)

/** The identity in a file; nothing if there is no such file. */
export const readIdentity = Effect.fn("readIdentity")(function*(path: string, mesh: MeshId) {
  const text = yield* readKeyFile(path)
  if (Option.isNone(text)) return Option.none<Identity>()
  const file = Schema.decodeOption(IdentityFromText)(text.value)
  if (Option.isNone(file)) return yield* corrupt(path, "it is truncated, or no identity file")
  if (file.value.mesh !== mesh) return yield* corrupt(path, `it is of mesh "${file.value.mesh}"`)
  const draft = draftIn(file.value)
  if (!fits(draft, file.value)) return yield* corrupt(path, "its seeds do not make its public keys")
  return Option.some<Identity>({ ...draft, mesh })
})

/** Writes an identity in place of what is at the path. */
export const writeIdentity = Effect.fn("writeIdentity")(
  function*(path: string, identity: Identity) {
    const text = yield* Effect.orDie(Schema.encodeEffect(IdentityFromText)(fileOf(identity)))
    yield* orUnusable(path, writePrivate(path, text))
  }
)

function draftIn({ seeds: { root, ...seeds }, ...file }: IdentityFile): IdentityDraft {
  return identityOf({
    meshName: file.mesh_name,
    broker: file.broker,
    memberName: file.member_name,
    deviceName: file.device_name,
    createdAt: file.created_at
  }, {
    ...(root === undefined ? {} : { root: seedBytes(root) }),
    member: seedBytes(seeds.member),
    device: seedBytes(seeds.device),
    sealing: seedBytes(seeds.sealing)
  })
}

function fileOf({ seeds: { root, ...seeds }, ...identity }: Identity): IdentityFile {
  return {
    v: 1,
    mesh: identity.mesh,
    mesh_name: identity.meshName,
    broker: identity.broker,
    member_name: identity.memberName,
    device_name: identity.deviceName,
    created_at: identity.createdAt,
    seeds: {
      ...(root === undefined ? {} : { root: seedText(root) }),
      member: seedText(seeds.member),
      device: seedText(seeds.device),
      sealing: seedText(seeds.sealing)
    },
    public: publicKeys(identity)
  }
}

function fits(draft: IdentityDraft, file: IdentityFile): boolean {
  const made = publicKeys(draft)
  return made.root === file.public.root && made.member === file.public.member &&
    made.device === file.public.device && made.sealing === file.public.sealing
}

function publicKeys(
  { device, member, root, sealing }: Pick<IdentityDraft, "root" | "member" | "device" | "sealing">
): IdentityFile["public"] {
  return {
    ...(root === undefined ? {} : { root: toBase64Url(root.publicKey) }),
    member: toBase64Url(member.publicKey),
    device: toBase64Url(device.publicKey),
    sealing: toBase64Url(sealing.publicKey)
  }
}
