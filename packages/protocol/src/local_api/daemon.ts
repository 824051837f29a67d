/**
 * The local API, group `daemon`: what runs, and how it fares.
 *
 * @module
 */
import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup } from "effect/http-api"
import { Count, Millis } from "../encodings.ts"
import { ErrorCode, RefusedOverHttp } from "../errors.ts"
import { DeviceId, MemberId, MeshId } from "../ids.ts"
import { Role } from "../vocabulary.ts"
import { Takes } from "./caller.ts"

/** How a mesh is connected to its broker. */
export const Link = Schema.Struct({
  state: Schema.Literals(["connecting", "attached", "offline", "refused"]),
  since: Millis,
  /** Why it is not attached. */
  code: Schema.optionalKey(ErrorCode),
  message: Schema.optionalKey(Schema.String)
})
export type Link = typeof Link.Type

/** One mesh of this machine: who we are there, and how it is connected. */
export const MeshStatus = Schema.Struct({
  mesh: MeshId,
  /** What it is called on this machine. */
  name: Schema.String,
  /** Whether verbs without `--mesh` mean it. */
  current: Schema.Boolean,
  broker: Schema.String,
  member: Schema.String,
  member_id: MemberId,
  device: Schema.String,
  device_id: DeviceId,
  role: Role,
  members: Count,
  unread: Count,
  /** Messages that no recipient has signed for yet. */
  queued: Count,
  link: Link
})
export type MeshStatus = typeof MeshStatus.Type

/** The daemon and its meshes. */
export const DaemonStatus = Schema.Struct({
  version: Schema.String,
  pid: Schema.Int,
  home: Schema.String,
  started_at: Millis,
  /** What needs a person, such as a quarantined file; empty when all is well. */
  health: Schema.Array(Schema.String),
  sessions: Count,
  meshes: Schema.Array(MeshStatus)
})
export type DaemonStatus = typeof DaemonStatus.Type

/** What runs, and how it fares. */
export const DaemonApi = HttpApiGroup.make("daemon").add(
  HttpApiEndpoint.get("status", "/v1/status", { success: DaemonStatus, error: RefusedOverHttp })
    .annotate(Takes, "nothing"),
  HttpApiEndpoint.post("shutdown", "/v1/shutdown", {
    success: Schema.Struct({ pid: Schema.Int }),
    error: RefusedOverHttp
  }).annotate(Takes, "daemon")
)
