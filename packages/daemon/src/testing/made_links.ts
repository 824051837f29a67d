/**
 * Gives a test a daemon with its links, over a broker in memory.
 *
 * @module
 */
import type { MeshId, Prekey } from "@claudemesh/protocol"
import { Layer } from "effect"
import { TestClock } from "effect/testing"
import { LinkStates } from "../broker_link/link_states.ts"
import { Links } from "../broker_link/links.ts"
import { MeshSession } from "../broker_link/mesh_session.ts"
import { Answering } from "../calls/answering.ts"
import { Receiver } from "../inbox/receive.ts"
import { Drain } from "../outbox/drain.ts"
import { FakeBroker } from "./fake_broker.ts"
import { FakeHttp } from "./fake_http.ts"
import { layerMadeDaemon } from "./made_daemon.ts"
import type { MeshMade } from "./made_identity.ts"

/** The member of that name, whose links are at work; others have published these prekeys. Needs chance. */
export function layerMadeLinks(made: MeshMade, name: string, prekeys: ReadonlyArray<Prekey> = []) {
  return Links.layer.pipe(
    Layer.provideMerge(MeshSession.layer),
    Layer.provideMerge(Layer.mergeAll(Receiver.layer, Drain.layer, Answering.layer)),
    Layer.provideMerge(layerMadeDaemon(made, name)),
    Layer.provideMerge(
      Layer.mergeAll(FakeBroker.layer(prekeys, made.membership.head), FakeHttp.layer)
    )
  )
}

/** How the mesh is connected. */
export function linkOf(mesh: MeshId) {
  return LinkStates.use(({ get }) => get(mesh))
}

/** Time enough for any reconnect. */
export const later = TestClock.adjust("31 seconds")
