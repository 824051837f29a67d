/**
 * The rows of the broker's HTTP endpoints.
 *
 * @module
 */
import {
  BrokerApi,
  type Invite,
  type InviteId,
  inviteIdOf,
  inviteState,
  type Membership,
  openInviteInput,
  PROTOCOL_VERSIONS,
  type PutStatements,
  type Refused,
  refused,
  type Statement
} from "@claudemesh/protocol"
import { fromBase64Url, verify } from "@claudemesh/protocol/crypto"
import { Clock, Effect, HashMap, Layer, Option, Result } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { OwnOrigins } from "../gateway/own_origins.ts"
import { MembershipLog } from "../membership/membership_log.ts"
import { Meshes } from "../membership/meshes.ts"
import { Readiness } from "../readiness.ts"
import { Founding, mayFound } from "./founding.ts"

/** The version of this package. */
const VERSION = "0.1.0"

/** Statements of one page of an opened invite. */
const PAGE_LENGTH = 32

const health = HttpApiBuilder.group(
  BrokerApi,
  "health",
  Effect.fnUntraced(function*(handlers) {
    const readiness = yield* Readiness
    function status() {
      return readiness.isStopping() ? "stopping" : "ok"
    }
    return handlers.handleAll({
      livez: () => Effect.sync(() => ({ status: status() })),
      readyz: () => Effect.as(readiness.check, { status: "ok" as const }),
      version: () =>
        Effect.map(Clock.currentTimeMillis, (now) => ({
          name: "claudemesh-broker" as const,
          version: VERSION,
          protocol: PROTOCOL_VERSIONS,
          now
        }))
    })
  })
)

const meshes = HttpApiBuilder.group(
  BrokerApi,
  "meshes",
  Effect.fnUntraced(function*(handlers) {
    const logs = yield* Meshes
    const founding = yield* Founding

    const put = Effect.fnUntraced(function*(payload: typeof PutStatements.Type) {
      const options = { mayFound: yield* mayFound(founding, payload) }
      const membership = yield* logs.put(payload.statements, options)
      yield* founding.founded.add(membership.mesh)
      return storedLog(membership)
    })

    return handlers.handleAll({ put: ({ payload }) => put(payload) })
  })
)

const invites = HttpApiBuilder.group(
  BrokerApi,
  "invites",
  Effect.fnUntraced(function*(handlers) {
    const log = yield* MembershipLog
    const meshes = yield* Meshes
    const origins = yield* OwnOrigins

    const open = Effect.fnUntraced(function*(id: InviteId, { after, origin, sig }: Opening) {
      const membership = yield* log.ofInvite(id)
      const invite = yield* inviteOf(membership, id)
      const claim = {
        domain: "cm1/invite-open" as const,
        object: openInviteInput(id, origin, after),
        signature: fromBase64Url(sig),
        publicKey: fromBase64Url(invite.key)
      }
      if (!verify(claim)) {
        return yield* refused(
          "bad_signature",
          `Cannot open invite "${id}": it is not signed for ${origin} with the invite's key`
        )
      }
      const now = yield* Clock.currentTimeMillis
      // A joiner who took the last use and lost the answer reads here that it belongs to the mesh.
      yield* Effect.catchIf(
        checkUsable(invite, now),
        ({ code }) => code === "invite_exhausted",
        () => Effect.void
      )
      const statements = yield* log.read(membership.mesh, after, PAGE_LENGTH)
      return { mesh: membership.mesh, statements, head: membership.head.seq, now }
    })

    const join = Effect.fnUntraced(function*(id: InviteId, statement: Statement) {
      const membership = yield* log.ofInvite(id)
      const invite = yield* inviteOf(membership, id)
      if (statement.kind !== "member_add" || inviteIdOf(statement.body.invite) !== id) {
        return yield* refused(
          "bad_statement",
          `Cannot join by invite "${id}": the statement does not use it`
        )
      }
      if (statement.mesh !== membership.mesh) {
        return yield* refused(
          "invite_wrong_mesh",
          `Cannot join mesh "${statement.mesh}": invite "${id}" is of ${membership.mesh}`
        )
      }
      if (HashMap.has(membership.members, statement.by)) {
        return yield* refused(
          "already_member",
          `Cannot join mesh ${membership.mesh}: ${statement.by} has joined it before`
        )
      }
      yield* checkUsable(invite, yield* Clock.currentTimeMillis)
      return storedLog(yield* meshes.append(statement))
    })

    return handlers.handleAll({
      open: ({ params, payload, request }) =>
        Effect.flatMap(
          Effect.fromResult(origins.of(request.headers)),
          (origin) => open(params.invite, { ...payload, origin })
        ),
      join: ({ params, payload }) => join(params.invite, payload.statement)
    })
  })
)

/** Every row; what they need stays open. */
export const layer = Layer.mergeAll(health, meshes, invites)

interface Opening {
  readonly after: number
  readonly sig: string
  readonly origin: string
}

function storedLog({ head, mesh }: Membership) {
  return { mesh, head: [head.seq, head.hash] as const }
}

function inviteOf(membership: Membership, id: InviteId): Effect.Effect<Invite, Refused> {
  return Option.match(HashMap.get(membership.invites, id), {
    onNone: () => refused("invite_not_found", `Cannot find invite "${id}"`),
    onSome: Effect.succeed
  })
}

function checkUsable(invite: Invite, now: number): Effect.Effect<Invite, Refused> {
  const state = inviteState(invite, now)
  if (Result.isSuccess(state)) return Effect.succeed(invite)
  const ended = {
    invite_revoked: "was revoked",
    invite_expired: "has expired",
    invite_exhausted: "was used up"
  }
  return refused(state.failure, `Cannot use invite "${invite.id}": it ${ended[state.failure]}`)
}
