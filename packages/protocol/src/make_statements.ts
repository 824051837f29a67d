/**
 * Makes statements: founds a mesh, joins one, and appends to its log as a member.
 *
 * @module
 */
import { sign, type SignKeyPair, toBase64Url } from "./crypto/mod.ts"
import { memberIdOf } from "./key_ids.ts"
import type { Membership } from "./membership.ts"
import {
  deviceProofInput,
  type DeviceRecord,
  GENESIS_PREV,
  inviteClaimInput,
  memberProofInput,
  meshOfGenesis,
  type Policy,
  signStatement,
  type Statement
} from "./statements.ts"

/** The record of a device, signed by it as the device of that member. */
export function signDeviceRecord(
  unsigned: Omit<DeviceRecord, "proof">,
  { device, member }: { readonly member: SignKeyPair; readonly device: SignKeyPair }
): DeviceRecord {
  const input = deviceProofInput(toBase64Url(member.publicKey), unsigned)
  return { ...unsigned, proof: toBase64Url(sign("cm1/device", input, device)) }
}

/** Who founds or joins: the member's key, and the device that acts for it. */
export interface Newcomer {
  readonly name: string
  readonly key: SignKeyPair
  readonly device: DeviceRecord
}

/** What a new mesh is made of; `at` is milliseconds since 1970. */
export interface Founding {
  readonly name: string
  readonly policy: Policy
  readonly root: SignKeyPair
  readonly member: Newcomer
  readonly at: number
}

/** The genesis of a new mesh. */
export function foundMesh({ at, member, name, policy, root }: Founding): Statement {
  const key = toBase64Url(member.key.publicKey)
  const rootKey = toBase64Url(root.publicKey)
  const proofInput = memberProofInput({ root: rootKey, name, member: key, device: member.device })
  const proof = toBase64Url(sign("cm1/member", proofInput, member.key))
  const unsigned = {
    v: 1,
    seq: 1,
    prev: GENESIS_PREV,
    at,
    by: memberIdOf(key),
    kind: "genesis",
    body: {
      root: rootKey,
      name,
      policy,
      member: { key, name: member.name, proof },
      device: member.device
    }
  } as const
  return signStatement({ ...unsigned, mesh: meshOfGenesis(unsigned) }, root)
}

/** A statement's kind with its body. */
export type StatementContent = Statement extends infer S ?
  S extends Statement ? Pick<S, "kind" | "body"> : never
  : never

/** The next statement of the log, by the member whose key it is. */
export function nextStatement(
  membership: Membership,
  content: StatementContent,
  { at, key }: { readonly at: number; readonly key: SignKeyPair }
): Statement {
  const place = { mesh: membership.mesh, seq: membership.head.seq + 1, prev: membership.head.hash }
  const by = memberIdOf(toBase64Url(key.publicKey))
  return signStatement({ v: 1, ...place, at, by, ...content }, key)
}

/** The statement with which a newcomer joins by an invite. */
export function joinMesh(
  membership: Membership,
  newcomer: Newcomer,
  { at, invite }: { readonly at: number; readonly invite: SignKeyPair }
): Statement {
  const joiner = {
    key: toBase64Url(newcomer.key.publicKey),
    name: newcomer.name,
    device: newcomer.device
  }
  const claim = sign("cm1/invite-claim", inviteClaimInput(membership.mesh, joiner), invite)
  const body = { ...joiner, invite: toBase64Url(invite.publicKey), invite_sig: toBase64Url(claim) }
  return nextStatement(membership, { kind: "member_add", body }, { at, key: newcomer.key })
}
