/**
 * The local API, group `invites`: offering membership and taking the offer back.
 *
 * @module
 */
import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup } from "effect/http-api"
import { Count, Millis } from "../encodings.ts"
import { RefusedOverHttp } from "../errors.ts"
import { InviteId, MeshId } from "../ids.ts"
import { Role } from "../vocabulary.ts"
import { ChangesTrust } from "./caller.ts"
import { MeshRef } from "./meshes.ts"

/** Offers membership: by default as a member, once, for a day. */
export const CreateInvite = Schema.Struct({
  mesh: MeshRef,
  role: Schema.optionalKey(Role),
  max_uses: Schema.optionalKey(Schema.Int),
  expires_in_ms: Schema.optionalKey(Schema.Int)
})

/** An invite. The link is there only where this machine issued it. */
export const InviteView = Schema.Struct({
  id: InviteId,
  mesh: MeshId,
  mesh_name: Schema.String,
  role: Role,
  by: Schema.String,
  uses: Count,
  max_uses: Count,
  expires: Millis,
  state: Schema.Literals(["open", "expired", "exhausted", "revoked"]),
  link: Schema.optionalKey(Schema.String)
})
export type InviteView = typeof InviteView.Type

/** Offering membership and taking the offer back. */
export const InvitesApi = HttpApiGroup.make("invites").add(
  HttpApiEndpoint.post("create", "/v1/invites", {
    payload: CreateInvite,
    success: InviteView,
    error: RefusedOverHttp
  }).annotate(ChangesTrust, true),
  HttpApiEndpoint.get("list", "/v1/invites", {
    query: { mesh: MeshRef },
    success: Schema.Struct({ items: Schema.Array(InviteView) }),
    error: RefusedOverHttp
  }).annotate(ChangesTrust, true),
  HttpApiEndpoint.post("revoke", "/v1/invites/revoke", {
    payload: Schema.Struct({ mesh: MeshRef, invite: Schema.String }),
    success: InviteView,
    error: RefusedOverHttp
  }).annotate(ChangesTrust, true)
)
