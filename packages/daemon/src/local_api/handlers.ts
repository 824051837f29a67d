/**
 * The handlers of the local API: each calls a service with decoded input and shows what it answers.
 *
 * @module
 */
import { limits, type Refused, refused } from "@claudemesh/protocol"
import { LocalApi } from "@claudemesh/protocol/local_api"
import { Effect, Layer, Option } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { Links } from "../broker_link/links.ts"
import { Inbox } from "../inbox/inbox.ts"
import { Invites } from "../membership/invites.ts"
import { Join } from "../membership/join.ts"
import { Leave } from "../membership/leave.ts"
import { type Mesh, Meshes } from "../meshes/meshes.ts"
import { MessageIndex } from "../messages/message_index.ts"
import type { MessageKey } from "../outbox/outbox.ts"
import { Send } from "../outbox/send.ts"
import { Roster } from "../roster/roster.ts"
import { Sessions } from "../sessions/sessions.ts"
import { Shutdown } from "../shutdown.ts"
import { DaemonInfo } from "./daemon_info.ts"
import { LocalEvents } from "./events.ts"
import { meshDetail, Views } from "./views.ts"

/** Messages of one page of the inbox. */
const INBOX_LIMIT_DEFAULT = 20
const INBOX_LIMIT_MAX = 500

/** Messages marked as read at once; SQLite takes some thirty thousand values in a statement. */
const READ_IDS_MAX = 10_000

const daemon = HttpApiBuilder.group(
  LocalApi,
  "daemon",
  Effect.fnUntraced(function*(handlers) {
    const info = yield* DaemonInfo
    const shutdown = yield* Shutdown
    return handlers.handleAll({
      status: () => info.status,
      shutdown: () => Effect.as(shutdown.request, { pid: info.pid })
    })
  })
)

const meshes = HttpApiBuilder.group(
  LocalApi,
  "meshes",
  Effect.fnUntraced(function*(handlers) {
    const meshes = yield* Meshes
    const membership = yield* Join
    const leaving = yield* Leave
    const views = yield* Views
    const links = yield* Links
    // Its broker has just answered, so it will be connected before anybody looks.
    const connected = Effect.fnUntraced(function*(mesh: Mesh) {
      yield* Effect.ignore(links.attachment(mesh.id))
      return yield* views.mesh(yield* meshes.find(mesh.id))
    })
    return handlers.handleAll({
      list: () =>
        Effect.map(Effect.flatMap(meshes.all, Effect.forEach(views.mesh)), (items) => ({ items })),
      create: ({ payload: { broker, code, device, member, name } }) =>
        Effect.flatMap(membership.found({ broker, code, device, member, name }), connected),
      join: ({ payload: { device, link, member } }) =>
        Effect.flatMap(membership.join({ device, link, member }), connected),
      show: Effect.fnUntraced(function*({ query }) {
        const mesh = yield* meshes.resolve(query.mesh)
        return yield* meshDetail(mesh, yield* views.mesh(mesh))
      }),
      use: Effect.fnUntraced(function*({ payload }) {
        const mesh = yield* meshes.resolve(payload.mesh)
        yield* meshes.use(mesh.id)
        return yield* views.mesh(mesh)
      }),
      leave: Effect.fnUntraced(function*({ payload }) {
        const mesh = yield* meshes.resolve(payload.mesh)
        const announced = yield* leaving.leave(mesh, payload.force ?? false)
        return { mesh: mesh.id, name: mesh.name, announced }
      })
    })
  })
)

const invites = HttpApiBuilder.group(
  LocalApi,
  "invites",
  Effect.fnUntraced(function*(handlers) {
    const meshes = yield* Meshes
    const invites = yield* Invites
    return handlers.handleAll({
      create: Effect.fnUntraced(function*({ payload }) {
        const {
          expires_in_ms: expiresInMillis = limits.inviteMillisDefault,
          max_uses: maxUses = 1
        } = payload
        const mesh = yield* meshes.resolve(payload.mesh)
        return yield* invites.create(mesh, {
          role: payload.role ?? "member",
          maxUses,
          expiresInMillis
        })
      }),
      list: ({ query }) =>
        Effect.map(
          Effect.flatMap(meshes.resolve(query.mesh), invites.list),
          (items) => ({ items })
        ),
      revoke: ({ payload }) =>
        Effect.flatMap(meshes.resolve(payload.mesh), (mesh) => invites.revoke(mesh, payload.invite))
    })
  })
)

const roster = HttpApiBuilder.group(
  LocalApi,
  "roster",
  Effect.fnUntraced(function*(handlers) {
    const meshes = yield* Meshes
    const roster = yield* Roster
    return handlers.handleAll({
      peers: Effect.fnUntraced(function*({ query }) {
        const mesh = yield* meshes.resolve(query.mesh)
        return { mesh: mesh.id, mesh_name: mesh.name, items: yield* roster.peers(mesh) }
      })
    })
  })
)

const messages = HttpApiBuilder.group(
  LocalApi,
  "messages",
  Effect.fnUntraced(function*(handlers) {
    const meshes = yield* Meshes
    const sending = yield* Send
    const inbox = yield* Inbox
    const index = yield* MessageIndex
    const views = yield* Views
    const sent = Effect.fnUntraced(function*(key: MessageKey) {
      const message = yield* views.sent(key)
      return yield* Option.match(message, { onNone: () => gone(key), onSome: Effect.succeed })
    })
    return handlers.handleAll({
      send: ({ payload }) => Effect.flatMap(sending.send(payload), sent),
      show: Effect.fnUntraced(function*({ params }) {
        const found = yield* index.find(params.id)
        return "received" in found ? yield* views.received(found.received) : yield* sent(found.sent)
      }),
      inbox: Effect.fnUntraced(function*({ query }) {
        const limit = Math.min(Math.max(1, query.limit ?? INBOX_LIMIT_DEFAULT), INBOX_LIMIT_MAX)
        const mesh = query.mesh === undefined ? undefined : (yield* meshes.resolve(query.mesh)).id
        const rows = yield* inbox.list({ mesh, unread: query.unread ?? false, limit: limit + 1 })
        const items = yield* Effect.forEach(rows.slice(-limit), views.received)
        return { items, unread: yield* inbox.unread(mesh), more: rows.length > limit }
      }),
      read: Effect.fnUntraced(function*({ payload: { ids } }) {
        if (ids.length > READ_IDS_MAX) return yield* tooMany(ids.length)
        return { changed: yield* inbox.read(ids) }
      })
    })
  })
)

function gone({ id }: MessageKey): Effect.Effect<never, Refused> {
  return Effect.fail(refused("message_not_found", `Cannot find message "${id}" any more`))
}

function tooMany(count: number): Effect.Effect<never, Refused> {
  const most = `at most ${READ_IDS_MAX} at once work`
  return Effect.fail(refused("too_large", `Cannot mark ${count} messages as read: ${most}`))
}

const sessions = HttpApiBuilder.group(
  LocalApi,
  "sessions",
  Effect.fnUntraced(function*(handlers) {
    const sessions = yield* Sessions
    return handlers.handleAll({
      list: () => Effect.map(sessions.list, (items) => ({ items })),
      register: ({ payload }) => sessions.register(payload),
      end: ({ params }) => sessions.end(params.id)
    })
  })
)

const events = HttpApiBuilder.group(
  LocalApi,
  "events",
  Effect.fnUntraced(function*(handlers) {
    const { watch } = yield* LocalEvents
    return handlers.handleAll({ watch: () => Effect.succeed(watch) })
  })
)

/** The handlers of all groups. */
export const layer = Layer.mergeAll(daemon, meshes, invites, roster, messages, sessions, events)
