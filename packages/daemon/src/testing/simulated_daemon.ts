/**
 * The daemon as a program of a simulated world: everything of it but socket, lock, files and processes.
 *
 * @module
 */
import { isErrorCode, MeshId, MessageId, type Refused, refused } from "@claudemesh/protocol"
import { Migrations, SqliteClient } from "@claudemesh/sqlite"
import type { DaemonProgram, DaemonWorld, SendRequest } from "@claudemesh/testkit/simulation"
import { Context, Effect, Layer, Stream } from "effect"
import { SecureRandom } from "effect/crypto/SecureRandom"
import { BrokerHttp } from "../broker_link/broker_http.ts"
import { BrokerTransport, LinkLost, type Wire } from "../broker_link/broker_transport.ts"
import { layerDelivery } from "../daemon.ts"
import { HealthNotes } from "../health.ts"
import { LocalEvents } from "../local_api/events.ts"
import { Leave } from "../membership/leave.ts"
import { Meshes } from "../meshes/meshes.ts"
import { migrations } from "../migrations/mod.ts"
import { Send } from "../outbox/send.ts"
import { layerKeptKeys } from "./kept_keys.ts"
import { DELIVERY_TRIGGERS, observeDelivery } from "./observed_delivery.ts"

/** The program. */
export const simulatedDaemon: DaemonProgram = {
  install: (database) => {
    const client = SqliteClient.layerOver(database.connection)
    Effect.runSync(Effect.provide(Migrations.migrate(migrations), client))
    database.observe(DELIVERY_TRIGGERS)
  },
  run: Effect.fn("simulatedDaemon")(function*(world) {
    const context = yield* Layer.build(Layer.fresh(layerOf(world)))
    const { send } = Context.get(context, Send)
    const { leave } = Context.get(context, Leave)
    const meshes = Context.get(context, Meshes)
    yield* Effect.forkScoped(watchPresence(world, Context.get(context, LocalEvents)))
    return {
      send: (request: SendRequest) =>
        Effect.mapBoth(send(messageOf(request)), {
          onSuccess: ({ id }) => id,
          onFailure: ({ code }) => code
        }),
      leave: (mesh: string) =>
        Effect.flatMap(meshes.resolve(mesh), (found) => leave(found, false)).pipe(
          Effect.mapError(({ code }) => code)
        )
    }
  }, Effect.mapError(String))
}

function messageOf({ id, mesh, priority, text, to, ttl }: SendRequest) {
  return {
    mesh,
    to,
    text,
    ...(priority === undefined ? {} : { priority }),
    ...(ttl === undefined ? {} : { ttl_ms: ttl }),
    ...(id === undefined ? {} : { id: MessageId.make(id) })
  }
}

function layerOf(world: DaemonWorld) {
  const learnt = Layer.effectDiscard(Effect.gen(function*() {
    const { learn } = yield* Meshes
    for (const { made } of world.memberships) {
      yield* Effect.ignore(learn(MeshId.make(made.membership.mesh), made.statements))
    }
  }))
  return learnt.pipe(
    Layer.provideMerge(layerDelivery),
    Layer.provide(layerKeptKeys(world)),
    Layer.provide(layerBroker(world)),
    Layer.provideMerge(HealthNotes.layer),
    Layer.provide(layerDisk(world)),
    Layer.provide(Layer.succeed(SecureRandom, world.process.secureRandom))
  )
}

function layerDisk(world: DaemonWorld) {
  const database = SqliteClient.layerOver(world.disk.openFor(world.process))
  const migrated = Effect.andThen(
    Migrations.migrate(migrations),
    Effect.sync(() => observeDelivery(world))
  )
  return Layer.provideMerge(Layer.effectDiscard(migrated), database)
}

function layerBroker({ connect, put }: DaemonWorld) {
  const transport = Layer.succeed(BrokerTransport, {
    connect: (origin) =>
      Effect.acquireRelease(connect(origin), ({ close }) => Effect.sync(close)).pipe(
        Effect.mapError((reason) => unreachable(origin, reason)),
        Effect.map(({ receive, send }): Wire => ({
          send: (frames) => Effect.sync(() => send(frames)),
          receive: Effect.mapError(receive, (reason) => new LinkLost({ reason }))
        }))
      )
  })
  const http = Layer.mock(BrokerHttp)({
    version: (origin) => Effect.fail(unreachable(origin, "it does not answer")),
    put: (origin, { statements }) =>
      Effect.mapBoth(put(origin, statements), {
        onSuccess: () => storedLog,
        onFailure: (code) =>
          isErrorCode(code) ? refused(code, `Cannot store: ${code}`) : unreachable(origin, code)
      })
  })
  return Layer.merge(transport, http)
}

function unreachable(origin: string, reason: string): Refused {
  return refused("broker_unreachable", `Cannot reach the broker at ${origin}: ${reason}`)
}

/** Nobody reads what giving a log back answers. */
const storedLog = { mesh: MeshId.make(`m_${"a".repeat(26)}`), head: [1, "A".repeat(43)] as const }

function watchPresence({ memberships, tell }: DaemonWorld, events: LocalEvents["Service"]) {
  return Stream.runForEach(events.watch, (event) =>
    Effect.sync(() => {
      if (event.type !== "presence") return
      const { device, mesh, state } = event
      const membership = memberships.find(({ made }) => made.membership.mesh === mesh)
      const observer = membership?.made.members.get(membership.name)?.device ?? ""
      tell({ type: "presence", mesh, observer, device, state })
    }))
}
