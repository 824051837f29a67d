/**
 * Gives a new home its first mesh, and an invite to it.
 *
 * @module
 */
import type { Daemon } from "@claudemesh/daemon"
import { type Refused, refused } from "@claudemesh/protocol/errors"
import type { InviteView, MeshStatus } from "@claudemesh/protocol/local_api"
import { Clock, Effect, Redacted, Schedule } from "effect"

/** What the first mesh of a home is called. */
export const FIRST_MESH = "home"

const INVITE_USES = 5
const INVITE_MILLIS = 86_400_000
/** An invite that ends sooner is not shown again. */
const INVITE_MILLIS_LEFT_MIN = 3_600_000
const CONNECT_SECONDS_MAX = 8

type Calls = Daemon["Service"]

/** The meshes of this home; makes the first one, at our own broker, where there is none. */
export const meshesOrFirst = Effect.fn("meshesOrFirst")(function*(
  daemon: Calls,
  broker: {
    readonly origin: string
    readonly names?: { readonly member?: string; readonly device?: string }
    readonly firstAdminCode?: Redacted.Redacted | undefined
  }
) {
  const { items } = yield* daemon.meshes.list({})
  if (items.length > 0) return items
  yield* refuseUnusable(daemon)
  const code = broker.firstAdminCode
  const payload = {
    name: FIRST_MESH,
    broker: broker.origin,
    ...broker.names,
    ...(code && { code: Redacted.value(code) })
  }
  return [yield* daemon.meshes.create({ payload })]
})

/** Fails with what is wrong where there is a mesh whose keys cannot be used: another one is not what was meant. */
function refuseUnusable(daemon: Calls): Effect.Effect<void, Refused> {
  return daemon.roster.peers({ query: {} }).pipe(
    Effect.asVoid,
    Effect.catchIf(({ code }) => code === "no_mesh", () => Effect.void)
  )
}

/** The mesh as it is once it is connected; refuses where that takes too long. */
export const connected = Effect.fn("connected")(function*(daemon: Calls, mesh: MeshStatus) {
  const look = Effect.map(
    daemon.meshes.list({}),
    ({ items }) => items.find((item) => item.mesh === mesh.mesh) ?? mesh
  )
  return yield* look.pipe(
    Effect.repeat({
      schedule: Schedule.spaced("50 millis"),
      until: ({ link }) => link.state === "attached"
    }),
    Effect.timeoutOrElse({
      duration: `${CONNECT_SECONDS_MAX} seconds`,
      orElse: () =>
        Effect.fail(refused("broker_unreachable", `Cannot connect ${mesh.name} to ${mesh.broker}`))
    })
  )
})

/** An invite that can still be passed on: one that was made before, else a new one. */
export const openInvite = Effect.fn("openInvite")(function*(daemon: Calls, mesh: MeshStatus) {
  const now = yield* Clock.currentTimeMillis
  const { items } = yield* daemon.invites.list({ query: { mesh: mesh.name } })
  const found = items.find((invite) => isWorthShowing(invite, now))
  if (found !== undefined) return found
  return yield* daemon.invites.create({
    payload: { mesh: mesh.name, max_uses: INVITE_USES, expires_in_ms: INVITE_MILLIS }
  })
})

function isWorthShowing(
  { expires, link, max_uses, role, state, uses }: InviteView,
  now: number
): boolean {
  return state === "open" && link !== undefined && role === "member" && uses < max_uses &&
    expires - now > INVITE_MILLIS_LEFT_MIN
}
