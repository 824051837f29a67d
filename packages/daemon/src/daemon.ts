/**
 * The daemon as one layer: holds the lock of its home, serves the local API, keeps meshes connected.
 *
 * @module
 */
import type { Refused } from "@claudemesh/protocol/errors"
import { Layer } from "effect"
import * as SecureRandom from "effect/crypto/SecureRandom"
import { BrokerHttp } from "./broker_link/broker_http.ts"
import { BrokerTransport } from "./broker_link/broker_transport.ts"
import { LinkStates } from "./broker_link/link_states.ts"
import { Links } from "./broker_link/links.ts"
import { MeshSession } from "./broker_link/mesh_session.ts"
import { Answering } from "./calls/answering.ts"
import { Calls } from "./calls/calls.ts"
import { Ping } from "./calls/ping.ts"
import * as DaemonLock from "./daemon_lock.ts"
import { layerDatabase } from "./database.ts"
import { HealthNotes } from "./health.ts"
import type { Home } from "./home.ts"
import { KeyRing } from "./identity/key_ring.ts"
import { Inbox } from "./inbox/inbox.ts"
import { Receiver } from "./inbox/receive.ts"
import * as Announcer from "./local_api/announcer.ts"
import { DaemonInfo } from "./local_api/daemon_info.ts"
import { LocalEvents } from "./local_api/events.ts"
import * as Handlers from "./local_api/handlers.ts"
import * as Server from "./local_api/server.ts"
import { Views } from "./local_api/views.ts"
import { AppendStatement } from "./membership/append_statement.ts"
import { Invites } from "./membership/invites.ts"
import { Join } from "./membership/join.ts"
import { Leave } from "./membership/leave.ts"
import { Meshes } from "./meshes/meshes.ts"
import { MessageIndex } from "./messages/message_index.ts"
import * as RetentionSweeper from "./messages/retention_sweeper.ts"
import { Search } from "./messages/search.ts"
import { Senders } from "./messages/senders.ts"
import { Delivery } from "./outbox/delivery.ts"
import { Drain } from "./outbox/drain.ts"
import * as ExpirySweeper from "./outbox/expiry_sweeper.ts"
import { Outbox } from "./outbox/outbox.ts"
import { Send } from "./outbox/send.ts"
import * as PrekeyKeeper from "./prekeys/prekey_keeper.ts"
import { Prekeys } from "./prekeys/prekeys.ts"
import * as ReceiptSender from "./receipts/receipt_sender.ts"
import { Roster } from "./roster/roster.ts"
import { ProcessTable } from "./sessions/process_table.ts"
import * as ProcessWatchdog from "./sessions/process_watchdog.ts"
import { Sessions } from "./sessions/sessions.ts"
import { Shutdown } from "./shutdown.ts"
import { Feed } from "./surfacing/feed.ts"
import { Surfacing } from "./surfacing/surfacing.ts"

/** Chance and the ways to a broker. */
const World = Layer.mergeAll(SecureRandom.layerWebCrypto, BrokerHttp.layer, BrokerTransport.layer)

/** The lock comes first: nothing of a home is touched that another process uses. */
const Storage = Layer.mergeAll(layerDatabase, KeyRing.layer).pipe(
  Layer.provideMerge(HealthNotes.layer),
  Layer.provideMerge(DaemonLock.layer)
)

const Kept = Layer.mergeAll(Prekeys.layer, Meshes.layer, Inbox.layer, Delivery.layer).pipe(
  Layer.provideMerge(
    Layer.mergeAll(Outbox.layer, LinkStates.layer, Roster.layer, LocalEvents.layer, Calls.layer)
  )
)

const State = Layer.provideMerge(Surfacing.layer, Kept)

const Connected = Links.layer.pipe(
  Layer.provideMerge(MeshSession.layer),
  Layer.provideMerge(Layer.mergeAll(Receiver.layer, Drain.layer, Answering.layer)),
  Layer.provideMerge(Views.layer)
)

const Acts = Layer.mergeAll(Leave.layer, Send.layer, Ping.layer, Search.layer, Senders.layer).pipe(
  Layer.provideMerge(Invites.layer),
  Layer.provideMerge(Layer.mergeAll(Join.layer, AppendStatement.layer, MessageIndex.layer))
)

const Background = Layer.mergeAll(
  Announcer.layer,
  ExpirySweeper.layer,
  PrekeyKeeper.layer,
  ReceiptSender.layer,
  RetentionSweeper.layer
)

/**
 * Delivery with everything that runs by itself, but for the world around it: what a simulator runs.
 *
 * Needs the database, the keys, chance, the ways to a broker, and somebody who keeps health notes.
 */
export const layerDelivery = Background.pipe(
  Layer.provideMerge(Acts),
  Layer.provideMerge(Connected),
  Layer.provideMerge(State)
)

const LocalApi = Server.layer.pipe(Layer.provide(Handlers.layer), Layer.provide(DaemonInfo.layer))

const Daemon = Layer.mergeAll(LocalApi, ProcessWatchdog.layer).pipe(
  Layer.provide(Feed.layer),
  Layer.provide(Sessions.layer.pipe(Layer.provideMerge(ProcessTable.layer))),
  Layer.provide(layerDelivery),
  Layer.provide(Storage),
  Layer.provide(World),
  Layer.provideMerge(Shutdown.layer)
)

/**
 * Runs for as long as it lives; `Shutdown` says when somebody wants it to end.
 *
 * Fresh: in one process with a broker, layers that both use, the HTTP router among them, are never one.
 */
export const layerDaemon: Layer.Layer<Shutdown, Refused, Home> = Layer.fresh(Daemon)
