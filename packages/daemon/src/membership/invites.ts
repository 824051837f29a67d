/**
 * Offers membership by links, and takes offers back.
 *
 * The secret of an invite is made and kept here; the mesh learns only its key.
 *
 * @module
 */
import {
  formatInviteLink,
  type Invite,
  INVITE_SECRET_BYTES,
  type InviteId,
  inviteIdOf,
  inviteKeyPair,
  inviteState,
  limits,
  liveMember,
  mayInvite,
  type Membership,
  type MeshId,
  type Refused,
  refused,
  type Role
} from "@claudemesh/protocol"
import { toBase64Url } from "@claudemesh/protocol/crypto"
import type { InviteView } from "@claudemesh/protocol/local_api"
import { Context, Effect, HashMap, Layer, Option, Redacted, Result } from "effect"
import * as SecureRandom from "effect/crypto/SecureRandom"
import { SqlClient } from "effect/sql"
import type { Mesh } from "../meshes/meshes.ts"
import { AppendStatement } from "./append_statement.ts"

/** What is offered. */
export interface InviteOffer {
  readonly role: Role
  readonly maxUses: number
  readonly expiresInMillis: number
}

/** Offers membership and takes offers back. */
export class Invites extends Context.Service<Invites, {
  readonly create: (mesh: Mesh, offer: InviteOffer) => Effect.Effect<InviteView, Refused>
  /** Those of the mesh, newest last; with links where the secret is here. */
  readonly list: (mesh: Mesh) => Effect.Effect<ReadonlyArray<InviteView>>
  /** Takes back the invite whose id begins so. */
  readonly revoke: (mesh: Mesh, idPrefix: string) => Effect.Effect<InviteView, Refused>
  /** Forgets the secrets of the mesh's invites. */
  readonly forget: (mesh: MeshId) => Effect.Effect<void>
}>()("@claudemesh/daemon/membership/invites") {
  static readonly layer = Layer.effect(
    Invites,
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient
      const random = yield* SecureRandom.SecureRandom
      const statements = yield* AppendStatement

      const secretOf = Effect.fnUntraced(function*(invite: InviteId) {
        const [row] = yield* Effect.orDie(
          sql<
            { readonly secret: Uint8Array }
          >`SELECT secret FROM invite_secrets WHERE invite = ${invite}`
        )
        return row && Redacted.make(row.secret)
      })
      const view = Effect.fnUntraced(function*(mesh: Mesh, membership: Membership, invite: Invite) {
        return inviteView({
          mesh,
          membership,
          invite,
          secret: yield* secretOf(invite.id),
          now: yield* statements.shownNow(mesh)
        })
      })

      const create = Effect.fn("Invites.create")(function*(mesh: Mesh, offer: InviteOffer) {
        yield* checkOffer(offer)
        const secret = Redacted.make(yield* random.randomBytes(INVITE_SECRET_BYTES))
        const key = toBase64Url(inviteKeyPair(secret).publicKey)
        const id = inviteIdOf(key)
        const expires = (yield* statements.now(mesh)) + offer.expiresInMillis
        // The secret first: an invite whose link nobody knows would only be in the way.
        yield* Effect.orDie(
          sql`INSERT INTO invite_secrets ${
            sql.insert({ invite: id, mesh: mesh.id, secret: Redacted.value(secret) })
          }`
        )
        const body = { key, role: offer.role, max_uses: offer.maxUses, expires }
        const membership = yield* statements.append(
          mesh,
          (membership) =>
            Effect.as(checkRight(mesh, membership, offer.role), { kind: "invite", body })
        )
        return yield* view(mesh, membership, Option.getOrThrow(HashMap.get(membership.invites, id)))
      })
      const list = Effect.fn("Invites.list")(function*(mesh: Mesh) {
        const { membership } = mesh
        if (membership === undefined) return []
        const invites = [...HashMap.values(membership.invites)].toSorted((one, other) =>
          one.expires - other.expires
        )
        return yield* Effect.forEach(invites, (invite) => view(mesh, membership, invite))
      })
      const revoke = Effect.fn("Invites.revoke")(function*(mesh: Mesh, idPrefix: string) {
        const invite = yield* findInvite(mesh, idPrefix)
        const membership = yield* statements.append(
          mesh,
          () => Effect.succeed({ kind: "invite_revoke", body: { key: invite.key } })
        )
        return yield* view(
          mesh,
          membership,
          Option.getOrThrow(HashMap.get(membership.invites, invite.id))
        )
      })
      const forget = Effect.fn("Invites.forget")(function*(mesh: MeshId) {
        yield* sql`DELETE FROM invite_secrets WHERE mesh = ${mesh}`
      }, Effect.orDie)
      return Invites.of({ create, list, revoke, forget })
    })
  )
}

function checkOffer({ expiresInMillis, maxUses }: InviteOffer): Effect.Effect<void, Refused> {
  if (!Number.isSafeInteger(maxUses) || maxUses < 1 || maxUses > limits.inviteUsesMax) {
    return Effect.fail(
      refused(
        "usage",
        `Cannot make an invite for ${maxUses} uses: 1 to ${limits.inviteUsesMax} work`
      )
    )
  }
  if (expiresInMillis > 0 && expiresInMillis <= limits.inviteMillisMax) return Effect.void
  const days = limits.inviteMillisMax / 86_400_000
  return Effect.fail(
    refused("usage", `Cannot make an invite for ${expiresInMillis} ms: up to ${days} days work`)
  )
}

function checkRight(
  { identity, name }: Mesh,
  membership: Membership,
  role: Role
): Effect.Effect<void, Refused> {
  const member = liveMember(membership, identity.memberId)
  if (member !== undefined && mayInvite(membership, member, role)) return Effect.void
  return Effect.fail(
    refused(
      "not_permitted",
      `Cannot invite a ${role} to mesh "${name}": its policy leaves that to admins`
    )
  )
}

function findInvite({ membership, name }: Mesh, typed: string): Effect.Effect<Invite, Refused> {
  const prefix = typed.replace(/^i_/, "")
  const all = membership === undefined ? [] : [...HashMap.values(membership.invites)]
  const found = prefix.length < limits.idPrefixMin
    ? []
    : all.filter(({ id }) => id.slice(2).startsWith(prefix))
  const [only, ...others] = found
  if (only !== undefined && others.length === 0) return Effect.succeed(only)
  const candidates = (found.length > 0 ? found : all.filter(({ revoked }) => !revoked)).map((
    { id }
  ) => id)
  const code = found.length > 1 ? "ambiguous_name" : "invite_not_found"
  return Effect.fail(
    refused(code, `Cannot find one invite "${typed}" of mesh "${name}"`, { candidates })
  )
}

const STATES = {
  invite_revoked: "revoked",
  invite_expired: "expired",
  invite_exhausted: "exhausted"
} as const

function inviteView({ invite, membership, mesh, now, secret }: {
  readonly mesh: Mesh
  readonly membership: Membership
  readonly invite: Invite
  readonly secret: Redacted.Redacted<Uint8Array> | undefined
  readonly now: number
}): InviteView {
  const { by, expires, id, maxUses, role, uses } = invite
  const usable = inviteState(invite, now)
  const issuer = Option.getOrUndefined(HashMap.get(membership.members, by))
  const origin = mesh.identity.broker
  return {
    id,
    mesh: mesh.id,
    mesh_name: mesh.name,
    role,
    by: issuer?.name ?? by,
    uses,
    max_uses: maxUses,
    expires,
    state: Result.isSuccess(usable) ? "open" : STATES[usable.failure],
    ...(secret === undefined ? {} : { link: formatInviteLink({ origin, mesh: mesh.id, secret }) })
  }
}
