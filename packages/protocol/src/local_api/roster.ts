/**
 * The local API, group `roster`: whom one can send to.
 *
 * @module
 */
import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup } from "effect/http-api"
import { Millis } from "../encodings.ts"
import { RefusedOverHttp } from "../errors.ts"
import { DeviceId, MemberId, MeshId } from "../ids.ts"
import { Role } from "../vocabulary.ts"
import { Takes } from "./caller.ts"
import { MeshRef } from "./meshes.ts"

/** Somebody a message can be sent to. */
export const Peer = Schema.Struct({
  /** What to type: the member's name, or `member@device` where one name is not enough. */
  name: Schema.String,
  member: Schema.String,
  member_id: MemberId,
  device: Schema.String,
  device_id: DeviceId,
  role: Role,
  /** Whether its device is connected, as the broker last said; unknown while we are offline. */
  state: Schema.Literals(["online", "away", "gone", "unknown"]),
  since: Schema.optionalKey(Millis),
  self: Schema.Boolean
})
export type Peer = typeof Peer.Type

/** Whom one can send to. */
export const RosterApi = HttpApiGroup.make("roster").add(
  HttpApiEndpoint.get("peers", "/v1/peers", {
    query: { mesh: MeshRef },
    success: Schema.Struct({ mesh: MeshId, mesh_name: Schema.String, items: Schema.Array(Peer) }),
    error: RefusedOverHttp
  }).annotate(Takes, "peers")
)
