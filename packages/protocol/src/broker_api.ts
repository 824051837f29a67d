/**
 * What a broker offers over HTTP, beside the WebSocket: its health, founding a mesh, joining one.
 *
 * @module
 */
import { Schema } from "effect"
import { HttpApi, HttpApiEndpoint, HttpApiGroup } from "effect/http-api"
import { Bytes64, Count, Millis } from "./encodings.ts"
import { LogHeadPair } from "./envelope.ts"
import { RefusedOverHttp } from "./errors.ts"
import { InviteId, MeshId } from "./ids.ts"
import { Statement } from "./statements.ts"

/** What `/version` says; a client tells a broker from another server by it. */
export const BrokerVersion = Schema.Struct({
  name: Schema.Literal("claudemesh-broker"),
  version: Schema.String,
  protocol: Schema.Array(Schema.Int),
  /** The broker's clock: a genesis is dated by it. */
  now: Millis
})

const Health = Schema.Struct({ status: Schema.Literals(["ok", "stopping"]) })

/** Whether it lives, whether it serves, and what it is. */
export const HealthApi = HttpApiGroup.make("health", { topLevel: true }).add(
  HttpApiEndpoint.get("livez", "/livez", { success: Health }),
  HttpApiEndpoint.get("readyz", "/readyz", { success: Health, error: RefusedOverHttp }),
  HttpApiEndpoint.get("version", "/version", { success: BrokerVersion })
)

/** A membership log to store, from its genesis or on from what the broker has. */
export const PutStatements = Schema.Struct({
  statements: Schema.Array(Statement).check(Schema.isMinLength(1), Schema.isMaxLength(64)),
  /** The first-admin code, where the broker asks for one to found a mesh. */
  code: Schema.optionalKey(Schema.String)
})

/** Where a membership log stands now. */
export const StoredLog = Schema.Struct({ mesh: MeshId, head: LogHeadPair })

/** Founding a mesh, and giving its log back to a broker that lost it. What is known already changes nothing. */
export const MeshesApi = HttpApiGroup.make("meshes").add(
  HttpApiEndpoint.post("put", "/v1/meshes", {
    payload: PutStatements,
    success: StoredLog,
    error: RefusedOverHttp
  })
)

/** Shows that the reader holds the invite: a signature of its key over the invite, the broker's origin and `after`. */
export const OpenInvite = Schema.Struct({ after: Count, sig: Bytes64 })

/** A page of the membership log, and the broker's clock. */
export const OpenedInvite = Schema.Struct({
  mesh: MeshId,
  statements: Schema.Array(Statement),
  head: Count,
  now: Millis
})

/** The `member_add` statement of the joiner. */
export const JoinMesh = Schema.Struct({ statement: Statement })

/** Joining: read the log, then append oneself. */
export const InvitesApi = HttpApiGroup.make("invites").add(
  HttpApiEndpoint.post("open", "/v1/invites/:invite/open", {
    params: { invite: InviteId },
    payload: OpenInvite,
    success: OpenedInvite,
    error: RefusedOverHttp
  }),
  HttpApiEndpoint.post("join", "/v1/invites/:invite/join", {
    params: { invite: InviteId },
    payload: JoinMesh,
    success: StoredLog,
    error: RefusedOverHttp
  })
)

/** The table of the broker's HTTP endpoints. */
export const BrokerApi = HttpApi.make("claudemesh-broker").add(HealthApi, MeshesApi, InvitesApi)

/** What an invite's key signs to read the log, in the domain `cm1/invite-open`. */
export function openInviteInput(invite: InviteId, origin: string, after: number) {
  return { invite, origin, after }
}
