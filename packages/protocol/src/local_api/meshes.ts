/**
 * The local API, group `meshes`: founding, joining, choosing, leaving.
 *
 * @module
 */
import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup } from "effect/http-api"
import { Bytes32, Count } from "../encodings.ts"
import { RefusedOverHttp } from "../errors.ts"
import { DeviceId, MemberId, MeshId } from "../ids.ts"
import { Role } from "../vocabulary.ts"
import { ChangesTrust, Takes } from "./caller.ts"
import { MeshStatus } from "./daemon.ts"

/** A mesh, by its name on this machine or an id prefix of 6 or more; absent, the current one. */
export const MeshRef = Schema.optionalKey(Schema.String)

/** Founds a mesh at a broker. Names default to the user and the machine. */
export const CreateMesh = Schema.Struct({
  name: Schema.String,
  broker: Schema.String,
  member: Schema.optionalKey(Schema.String),
  device: Schema.optionalKey(Schema.String),
  code: Schema.optionalKey(Schema.String)
})

/** Joins by an invite link. A name that was not given gives way to one that is taken: `ada-2`. */
export const JoinByLink = Schema.Struct({
  link: Schema.String,
  member: Schema.optionalKey(Schema.String),
  device: Schema.optionalKey(Schema.String)
})

/** A mesh with its members and the head of its log. */
export const MeshDetail = Schema.Struct({
  ...MeshStatus.fields,
  root: Bytes32,
  head: Schema.Struct({ seq: Count, hash: Bytes32 }),
  roster: Schema.Array(Schema.Struct({
    member: Schema.String,
    member_id: MemberId,
    role: Role,
    devices: Schema.Array(Schema.Struct({ device: Schema.String, device_id: DeviceId }))
  }))
})
export type MeshDetail = typeof MeshDetail.Type

/** What leaving did. */
export const LeftMesh = Schema.Struct({
  mesh: MeshId,
  name: Schema.String,
  /** Whether the other members were told, or it was only forgotten here. */
  announced: Schema.Boolean
})

/** Founding, joining, choosing, leaving. */
export const MeshesApi = HttpApiGroup.make("meshes").add(
  HttpApiEndpoint.get("list", "/v1/meshes", {
    success: Schema.Struct({ items: Schema.Array(MeshStatus) }),
    error: RefusedOverHttp
  }).annotate(Takes, "nothing"),
  HttpApiEndpoint.post("create", "/v1/meshes", {
    payload: CreateMesh,
    success: MeshStatus,
    error: RefusedOverHttp
  }).annotate(ChangesTrust, true),
  HttpApiEndpoint.post("join", "/v1/meshes/join", {
    payload: JoinByLink,
    success: MeshStatus,
    error: RefusedOverHttp
  }).annotate(ChangesTrust, true),
  HttpApiEndpoint.get("show", "/v1/meshes/show", {
    query: { mesh: MeshRef },
    success: MeshDetail,
    error: RefusedOverHttp
  }).annotate(Takes, "peers"),
  HttpApiEndpoint.post("use", "/v1/meshes/use", {
    payload: Schema.Struct({ mesh: Schema.String }),
    success: MeshStatus,
    error: RefusedOverHttp
  }).annotate(ChangesTrust, true),
  HttpApiEndpoint.post("leave", "/v1/meshes/leave", {
    payload: Schema.Struct({ mesh: Schema.String, force: Schema.optionalKey(Schema.Boolean) }),
    success: LeftMesh,
    error: RefusedOverHttp
  }).annotate(ChangesTrust, true)
)
