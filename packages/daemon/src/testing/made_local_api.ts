/**
 * Gives a test the local API of a daemon that is a member of a made mesh: the handlers, without a socket.
 *
 * @module
 */
import { NodeHttpServer } from "@effect/platform-node"
import { refused } from "@claudemesh/protocol"
import { LocalApi } from "@claudemesh/protocol/local_api"
import { layerSeededRandom } from "@claudemesh/testkit"
import { Context, Effect, Layer, Ref } from "effect"
import { HttpApiTest } from "effect/http-api"
import { Links } from "../broker_link/links.ts"
import { Ping } from "../calls/ping.ts"
import { DaemonInfo } from "../local_api/daemon_info.ts"
import * as Handlers from "../local_api/handlers.ts"
import { Invites } from "../membership/invites.ts"
import { Join } from "../membership/join.ts"
import { Leave } from "../membership/leave.ts"
import { MessageIndex } from "../messages/message_index.ts"
import { Search } from "../messages/search.ts"
import { Senders } from "../messages/senders.ts"
import { Send } from "../outbox/send.ts"
import { Sessions } from "../sessions/sessions.ts"
import { Shutdown } from "../shutdown.ts"
import { Feed } from "../surfacing/feed.ts"
import { layerMadeDaemon, theMesh } from "./made_daemon.ts"
import type { MeshMade } from "./made_identity.ts"

/** What was offered to newcomers; each offer is refused. */
export class Offers extends Context.Service<Offers, Ref.Ref<ReadonlyArray<unknown>>>()(
  "@claudemesh/daemon/testing/made_local_api/Offers"
) {}

const layerInvites = Layer.unwrap(
  Effect.map(Offers, (offers) =>
    Layer.mock(Invites)({
      create: (_, offer) =>
        Effect.andThen(
          Ref.update(offers, (all) => [...all, offer]),
          Effect.fail(refused("not_permitted", "No"))
        )
    }))
)

/** What has files, processes or a broker behind it. */
const layerElsewhere = Layer.mergeAll(
  Layer.mock(DaemonInfo)({ pid: 7, status: Effect.die("not part of the test") }),
  Layer.mock(Leave)({ leave: () => Effect.succeed(true) }),
  Layer.mock(Links)({
    attachment: () => Effect.fail(refused("broker_unreachable", "Nobody answers"))
  }),
  layerInvites
)

const layerJoin = Layer.effect(
  Join,
  Effect.map(
    theMesh,
    (here) => Join.of({ found: () => Effect.succeed(here), join: () => Effect.succeed(here) })
  )
)

const layerNoSessions = Layer.mock(Sessions)({ list: Effect.succeed([]) })

/** The handlers of the member of that name; nobody else is reached. */
export function layerMadeLocalApi(made: MeshMade, name: string) {
  return layerMadeLocalApiWith(layerNoSessions, made, name)
}

/** The same with other sessions than none. */
export function layerMadeLocalApiWith<Out, In>(
  sessions: Layer.Layer<Out | Sessions, never, In>,
  made: MeshMade,
  name: string
) {
  return Handlers.layer.pipe(
    Layer.provide(layerJoin),
    Layer.provide(Layer.mergeAll(Ping.layer, Search.layer, Senders.layer, Feed.layer)),
    Layer.provideMerge(sessions),
    Layer.provide(layerElsewhere),
    Layer.provideMerge(Layer.effect(Offers, Ref.make<ReadonlyArray<unknown>>([]))),
    Layer.provideMerge(Send.layer),
    Layer.provide(MessageIndex.layer),
    Layer.provideMerge(layerMadeDaemon(made, name)),
    Layer.provideMerge(Layer.mergeAll(Shutdown.layer, NodeHttpServer.layerHttpServices)),
    Layer.provide(layerSeededRandom("local_api"))
  )
}

/** Calls them as the daemon's client does. */
export const madeClient = HttpApiTest.groups(LocalApi, [
  "daemon",
  "meshes",
  "invites",
  "roster",
  "calls",
  "messages",
  "outbox",
  "search",
  "sessions",
  "surfacing",
  "events"
])
