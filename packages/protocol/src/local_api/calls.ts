/**
 * The local API, group `calls`: what the daemon asks the daemons of others.
 *
 * @module
 */
import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup } from "effect/http-api"
import { ErrorCode, RefusedOverHttp } from "../errors.ts"
import { Takes } from "./caller.ts"
import { MeshRef } from "./meshes.ts"
import { Peer } from "./roster.ts"

/** Whom to ask for a sign of life, and how long to wait: 5 seconds unless told otherwise, 20 at most. */
export const PingPeer = Schema.Struct({
  mesh: MeshRef,
  to: Schema.String,
  timeout_ms: Schema.optionalKey(Schema.Int)
})

/** The way there and back: the broker answers, the broker has the call, the peer's daemon has answered it. */
export const PingLeg = Schema.Literals(["broker", "admitted", "answered"])
export type PingLeg = typeof PingLeg.Type

/** How far a ping to one device got. */
export const PingReport = Schema.Struct({
  name: Peer.fields.name,
  device_id: Peer.fields.device_id,
  /** Whether its device is connected, as the broker last said, and since when. */
  state: Peer.fields.state,
  since: Peer.fields.since,
  /** The legs that it went through, in their order, each with the milliseconds it took. */
  legs: Schema.Array(Schema.Struct({ leg: PingLeg, ms: Schema.Finite })),
  /** Why it went no further; absent if it was answered. */
  failure: Schema.optionalKey(Schema.Struct({ code: ErrorCode, message: Schema.String }))
})
export type PingReport = typeof PingReport.Type

/** What the daemon asks the daemons of others. */
export const CallsApi = HttpApiGroup.make("calls").add(
  HttpApiEndpoint.post("ping", "/v1/ping", {
    payload: PingPeer,
    success: Schema.Struct({ items: Schema.Array(PingReport) }),
    error: RefusedOverHttp
  }).annotate(Takes, "peers")
)
