/**
 * Keeps every mesh connected: one connection per broker, opened again whenever it ends.
 *
 * @module
 */
import { type MeshId, type Refused, refused } from "@claudemesh/protocol"
import {
  Clock,
  Context,
  Effect,
  FiberMap,
  HashMap,
  Layer,
  Option,
  Random,
  Ref,
  Stream,
  SubscriptionRef
} from "effect"
import { type Mesh, Meshes } from "../meshes/meshes.ts"
import type { Attachment } from "./attachment.ts"
import { BrokerHttp } from "./broker_http.ts"
import { BrokerTransport, LinkLost } from "./broker_transport.ts"
import { type Connection, openConnection } from "./connection.ts"
import { LinkStates } from "./link_states.ts"
import { makeGiveBack, MeshSession } from "./mesh_session.ts"
import { reconnectMillis } from "./reconnect.ts"

/** How long a request waits for a mesh that is just being connected. */
const CONNECTING_MAX = "5 seconds"

/** Keeps every mesh connected. */
export class Links extends Context.Service<Links, {
  /** The mesh's attachment; waits a moment for one, then says why there is none. */
  readonly attachment: (mesh: MeshId) => Effect.Effect<Attachment, Refused>
}>()("@claudemesh/daemon/broker_link/links") {
  static readonly layer = Layer.effect(
    Links,
    Effect.gen(function*() {
      const meshes = yield* Meshes
      const session = yield* MeshSession
      const states = yield* LinkStates
      const link = yield* makeLink
      const brokers = yield* FiberMap.make<string>()

      yield* SubscriptionRef.changes(meshes.state).pipe(
        Stream.runForEach((all) =>
          Effect.forEach(
            new Set([...HashMap.values(all)].map(({ identity }) => identity.broker)),
            (origin) => FiberMap.run(brokers, origin, link(origin), { onlyIfMissing: true }),
            { discard: true }
          )
        ),
        Effect.forkScoped
      )

      const attachment = Effect.fn("Links.attachment")(function*(mesh: MeshId) {
        const found = yield* SubscriptionRef.changes(session.attachments).pipe(
          Stream.map(HashMap.get(mesh)),
          Stream.filter(Option.isSome),
          Stream.runHead,
          Effect.timeoutOption(CONNECTING_MAX),
          Effect.map((found) => Option.flatten(Option.flatten(found)))
        )
        if (Option.isSome(found)) return found.value
        const { code = "broker_unreachable", message = "it does not answer" } = yield* states.get(
          mesh
        )
        const { identity, name } = yield* meshes.find(mesh)
        return yield* refused(code, `Cannot reach mesh "${name}" at ${identity.broker}: ${message}`)
      })
      return Links.of({ attachment })
    })
  )
}

/** A connection that lasted so long was a good one: its end is not one more failure in a row. */
const STEADY_NANOS = 10_000_000_000n

/** The endless life of one broker's connection. */
const makeLink = Effect.gen(function*() {
  const meshes = yield* Meshes
  const states = yield* LinkStates
  const connect = yield* makeConnect
  const serveMeshes = yield* makeServeMeshes

  const mark = Effect.fnUntraced(function*(origin: string, ended: Refused | LinkLost) {
    for (const mesh of (yield* meshes.all).filter(({ identity }) => identity.broker === origin)) {
      const isRefused = (yield* states.get(mesh.id)).state === "refused"
      const code = ended._tag === "LinkLost" ? "broker_unreachable" as const : ended.code
      if (!isRefused) yield* states.set(mesh.id, { state: "offline", code, message: ended.message })
    }
  })
  return (origin: string) =>
    Effect.gen(function*() {
      const failures = yield* Ref.make(0)
      while (true) {
        const goAway = yield* Ref.make<number | undefined>(undefined)
        const session = Effect.gen(function*() {
          const connection = yield* connect(origin)
          return yield* serveMeshes(origin, connection).pipe(
            Effect.ensuring(
              Effect.flatMap(connection.goAwayMillis, (millis) => Ref.set(goAway, millis))
            )
          )
        })
        const began = yield* Clock.monotonicTimeNanos
        const ended = yield* Effect.flip(Effect.scoped(session))
        yield* mark(origin, ended)
        const lasted = (yield* Clock.monotonicTimeNanos) - began > STEADY_NANOS
        const count = yield* Ref.updateAndGet(failures, (count) => (lasted ? 0 : count + 1))
        const chance = yield* Random.next
        const asked = yield* Ref.get(goAway)
        yield* Effect.sleep(asked === undefined ? reconnectMillis(count, chance) : asked * chance)
      }
    }).pipe(Effect.annotateLogs({ service: "Links", broker: origin }))
})

/** Opens a connection, and finds out what answers instead of a broker if that fails. */
const makeConnect = Effect.gen(function*() {
  const transport = yield* BrokerTransport
  const http = yield* BrokerHttp

  return Effect.fn("Links.connect")(function*(origin: string) {
    const wire = yield* transport.connect(origin).pipe(
      Effect.tapError(() => http.version(origin))
    )
    return yield* openConnection(origin, wire)
  })
})

/** Codes of an attach that say that the broker has lost the mesh, or a part of its log. */
const LOST_AT_BROKER: ReadonlySet<string> = new Set(["mesh_not_found", "unknown_device"])

/** Serves each mesh of a broker on its connection, new ones too, until it ends. */
const makeServeMeshes = Effect.gen(function*() {
  const meshes = yield* Meshes
  const session = yield* MeshSession
  const states = yield* LinkStates
  const giveBack = yield* makeGiveBack
  // A device that was revoked, or whose keys another process uses, does not come back by itself.
  const ended = yield* Ref.make<ReadonlySet<MeshId>>(new Set())

  const recover = Effect.fnUntraced(function*(mesh: Mesh, refusal: Refused) {
    if (!LOST_AT_BROKER.has(refusal.code)) {
      if (!refusal.retryable) yield* Ref.update(ended, (set) => new Set([...set, mesh.id]))
      return yield* refusal
    }
    yield* giveBack(mesh.id, 0)
    return yield* new LinkLost({ reason: "the broker had lost the mesh and was given it back" })
  })
  const serveMesh = Effect.fnUntraced(
    function*(connection: Connection, mesh: Mesh) {
      yield* states.set(mesh.id, { state: "connecting" })
      return yield* Effect.catchTag(
        session.run(connection, mesh),
        "Refused",
        (refusal) => recover(mesh, refusal)
      )
    },
    (serving, _, mesh) =>
      Effect.catchTag(
        serving,
        "Refused",
        ({ code, message }) => states.set(mesh.id, { state: "refused", code, message })
      )
  )

  return Effect.fn("Links.serveMeshes")(function*(origin: string, connection: Connection) {
    const fibers = yield* FiberMap.make<MeshId, void, LinkLost>()
    // A challenge is good for one attach per mesh: what was refused waits for the next connection.
    const tried = new Set<MeshId>(yield* Ref.get(ended))
    const follow = SubscriptionRef.changes(meshes.state).pipe(
      Stream.runForEach(Effect.fnUntraced(function*(all) {
        for (const mesh of HashMap.values(all)) {
          if (mesh.identity.broker !== origin || tried.has(mesh.id)) continue
          tried.add(mesh.id)
          yield* FiberMap.run(fibers, mesh.id, serveMesh(connection, mesh))
        }
        for (const id of tried) if (!HashMap.has(all, id)) yield* FiberMap.remove(fibers, id)
      })),
      Effect.andThen(Effect.never)
    )
    return yield* Effect.raceAllFirst([connection.run, FiberMap.join(fibers), follow])
  })
})
