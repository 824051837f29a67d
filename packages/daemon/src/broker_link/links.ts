/**
 * Keeps every mesh connected: one connection per broker, opened again whenever it ends.
 *
 * @module
 */
import { type DeviceId, liveDevice, type MeshId, type Refused, refused } from "@claudemesh/protocol"
import {
  Cause,
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
import { isDiskFull } from "../disk_full.ts"
import { HealthNotes } from "../health.ts"
import { type Mesh, Meshes } from "../meshes/meshes.ts"
import type { Attachment } from "./attachment.ts"
import { BrokerHttp } from "./broker_http.ts"
import { BrokerTransport, LinkLost } from "./broker_transport.ts"
import { type Connection, openConnection } from "./connection.ts"
import { makeFencing } from "./fencing.ts"
import { LinkStates } from "./link_states.ts"
import { makeGiveBack, MeshSession, type Unserved } from "./mesh_session.ts"
import { ENDS, makePatience } from "./patience.ts"
import { type GoAway, goAwayMillis, reconnectMillis } from "./reconnect.ts"

/** How long a request waits for a mesh that is just being connected. */
const CONNECTING_MAX = "5 seconds"

/** Keeps every mesh connected. */
export class Links extends Context.Service<Links, {
  /** The mesh's attachment; waits a moment for one, then says why there is none. */
  readonly attachment: (mesh: MeshId) => Effect.Effect<Attachment, Refused>
  /** The broker's time where the mesh is attached, ours where it is not. Does not wait. */
  readonly timeOf: (mesh: MeshId) => Effect.Effect<number>
}>()("@claudemesh/daemon/broker_link/links") {
  static readonly layer = Layer.effect(
    Links,
    Effect.gen(function*() {
      const meshes = yield* Meshes
      const session = yield* MeshSession
      const states = yield* LinkStates
      const link = yield* makeLink
      const brokers = yield* FiberMap.make<string>()

      const follow = Effect.fnUntraced(function*(all: ReadonlyArray<Mesh>) {
        const origins = new Set(all.map(({ identity }) => identity.broker))
        for (const [origin] of brokers) {
          if (!origins.has(origin)) yield* FiberMap.remove(brokers, origin)
        }
        for (const origin of origins) {
          yield* FiberMap.run(brokers, origin, link(origin), { onlyIfMissing: true })
        }
      })
      yield* SubscriptionRef.changes(meshes.state).pipe(
        Stream.runForEach((all) => follow([...HashMap.values(all)])),
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
      const timeOf = Effect.fnUntraced(function*(mesh: MeshId) {
        const attached = HashMap.get(yield* SubscriptionRef.get(session.attachments), mesh)
        return yield* Option.match(attached, {
          onNone: () => Clock.currentTimeMillis,
          onSome: ({ brokerTime }) => brokerTime
        })
      })
      return Links.of({ attachment, timeOf })
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
        const goAway = yield* Ref.make<GoAway | undefined>(undefined)
        const session = Effect.gen(function*() {
          const connection = yield* connect(origin)
          return yield* serveMeshes(origin, connection).pipe(
            Effect.ensuring(Effect.flatMap(connection.goAway, (asked) => Ref.set(goAway, asked)))
          )
        })
        const began = yield* Clock.monotonicTimeNanos
        const ended = yield* Effect.flip(Effect.catchDefect(Effect.scoped(session), lostByDefect))
        yield* mark(origin, ended)
        const lasted = (yield* Clock.monotonicTimeNanos) - began > STEADY_NANOS
        const count = yield* Ref.updateAndGet(failures, (count) => (lasted ? 0 : count + 1))
        const chance = yield* Random.next
        const asked = yield* Ref.get(goAway)
        yield* Effect.sleep(
          asked === undefined ? reconnectMillis(count, chance) : goAwayMillis(asked, chance)
        )
      }
    }).pipe(Effect.annotateLogs({ service: "Links", broker: origin }))
})

/** A bug or a full disk must not end a link for ever, and not in silence. */
function lostByDefect(defect: unknown): Effect.Effect<never, LinkLost> {
  if (isDiskFull(defect)) return Effect.fail(new LinkLost({ reason: "the disk is full" }))
  return Effect.andThen(
    Effect.logError("A connection ended by a defect", Cause.die(defect)),
    Effect.fail(new LinkLost({ reason: "this daemon failed, see its log" }))
  )
}

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

/** Codes of what we did not do: something repeats our frames, and this connection is not to be trusted. */
const CONFUSED: ReadonlySet<string> = new Set(["already_attached", "not_attached", "bad_challenge"])

/** What passes at the broker passes for all its meshes; a log that does not follow ours does not. */
function isOfConnection({ code, retryable }: Refused): boolean {
  return CONFUSED.has(code) || (retryable && code !== "head_moved")
}

/** Both of them keep quiet otherwise: this one until it is started again, and the other for good. */
function fencedNote(mesh: string): string {
  return `Mesh "${mesh}": another machine or process has connected with the keys of this home, and this ` +
    "one stays away. If the home was copied, leave the mesh on one of them and join again there"
}

/** Serves each mesh of a broker on its connection, new ones too, until it ends. */
const makeServeMeshes = Effect.gen(function*() {
  const meshes = yield* Meshes
  const session = yield* MeshSession
  const states = yield* LinkStates
  const health = yield* HealthNotes
  const giveBack = yield* makeGiveBack
  const isFenced = yield* makeFencing
  const patience = yield* makePatience
  // By device: whoever joins the mesh again does so as another one.
  const ended = yield* Ref.make<ReadonlySet<DeviceId>>(new Set())

  /** A device that is replaced comes back at first; one that does not come back is remembered. */
  const noteEnd = Effect.fnUntraced(function*({ identity, name }: Mesh, refusal: Refused) {
    const { code, message } = refusal
    if (!ENDS.has(code)) return
    if (code === "fenced") {
      if (!(yield* isFenced(identity.deviceId))) return yield* new LinkLost({ reason: message })
      yield* health.note(fencedNote(name))
    }
    yield* Ref.update(ended, (set) => new Set([...set, identity.deviceId]))
  })

  /** What can be done about an attach that was refused. */
  const recover = Effect.fnUntraced(function*(mesh: Mesh, refusal: Refused) {
    const { id, identity } = mesh
    yield* noteEnd(mesh, refusal)
    // A challenge is good for one attach, so what may work later wants another connection.
    if (refusal.retryable || CONFUSED.has(refusal.code)) {
      return yield* new LinkLost({ reason: refusal.message })
    }
    if (!LOST_AT_BROKER.has(refusal.code)) return yield* refusal
    const { membership } = yield* meshes.find(id)
    // A log without us would not help.
    if (membership === undefined || liveDevice(membership, identity.deviceId) === undefined) {
      return yield* refusal
    }
    yield* giveBack(id, 0)
    return yield* new LinkLost({ reason: "the broker had lost the mesh and was given it back" })
  })
  /** What becomes of a mesh that had been attached: the connection is as good as it was for the others. */
  const giveWay = Effect.fnUntraced(function*(mesh: Mesh, { lasted, refusal }: Unserved) {
    yield* noteEnd(mesh, refusal)
    if (isOfConnection(refusal)) return yield* new LinkLost({ reason: refusal.message })
    if (lasted > STEADY_NANOS) yield* patience.renew(mesh)
    return yield* refusal
  })
  const serveMesh = Effect.fnUntraced(function*(connection: Connection, mesh: Mesh) {
    yield* states.set(mesh.id, { state: "connecting" })
    return yield* session.run(connection, mesh).pipe(
      Effect.tapErrorTag("LinkLost", () => patience.renew(mesh)),
      Effect.catchTags({
        Refused: (refusal) => recover(mesh, refusal),
        Unserved: (unserved) => giveWay(mesh, unserved)
      }),
      Effect.catchTag("Refused", (refusal) => patience.wait(mesh, refusal))
    )
  })

  return Effect.fn("Links.serveMeshes")(function*(origin: string, connection: Connection) {
    const fibers = yield* FiberMap.make<DeviceId, void, LinkLost>()
    // What was refused waits for the next connection.
    const tried = new Set<DeviceId>(yield* Ref.get(ended))
    const follow = SubscriptionRef.changes(meshes.state).pipe(
      Stream.runForEach(Effect.fnUntraced(function*(all) {
        const ours = new Map([...HashMap.values(all)].map((mesh) => [mesh.identity.deviceId, mesh]))
        for (const [device] of fibers) {
          if (!ours.has(device)) yield* FiberMap.remove(fibers, device)
        }
        for (const [device, mesh] of ours) {
          if (mesh.identity.broker !== origin || tried.has(device)) continue
          tried.add(device)
          yield* FiberMap.run(fibers, device, serveMesh(connection, mesh))
        }
      })),
      Effect.andThen(Effect.never)
    )
    return yield* Effect.raceAllFirst([connection.run, FiberMap.join(fibers), follow])
  })
})
