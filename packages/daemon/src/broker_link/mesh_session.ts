/**
 * What a mesh does while it is attached: takes what arrives, sends what waits, keeps its prekey published.
 *
 * @module
 */
import {
  type BrokerFrame,
  compareHead,
  limits,
  type MeshId,
  type Push,
  refusalOf,
  Refused,
  refused
} from "@claudemesh/protocol"
import { Clock, Context, Effect, HashMap, Layer, Schedule, Schema, SubscriptionRef } from "effect"
import { SqlClient } from "effect/sql"
import { Answering } from "../calls/answering.ts"
import { HealthNotes } from "../health.ts"
import { Receiver } from "../inbox/receive.ts"
import { LocalEvents } from "../local_api/events.ts"
import { type Mesh, Meshes } from "../meshes/meshes.ts"
import { whenever } from "../counter.ts"
import { Delivery } from "../outbox/delivery.ts"
import { Drain } from "../outbox/drain.ts"
import { Prekeys } from "../prekeys/prekeys.ts"
import { Roster } from "../roster/roster.ts"
import { attach, type Attachment, type Opened, serve } from "./attachment.ts"
import { BrokerHttp } from "./broker_http.ts"
import { LinkLost } from "./broker_transport.ts"
import type { Connection } from "./connection.ts"
import { makeNoteCopy } from "./copied_home.ts"
import { LinkStates } from "./link_states.ts"

/** How soon it is published again at the earliest, however many were sealed to another. */
const PREKEY_PAUSE = "1 second"

/** How often it is looked whether the prekey is due for renewal. */
const PREKEY_LOOK = "1 hour"

/** Statements given back to a broker in one request. */
const STATEMENTS_PER_REQUEST = 32

/** A mesh that was attached cannot be served, for a reason that is not the connection's: a key file, say, or a fork. */
export class Unserved extends Schema.TaggedError<Unserved>()("Unserved", {
  refusal: Refused,
  /** Nanoseconds for which it was attached. */
  lasted: Schema.BigInt
}) {}

/** Serves meshes on connections. */
export class MeshSession extends Context.Service<MeshSession, {
  /** The meshes that are attached now. */
  readonly attachments: SubscriptionRef.SubscriptionRef<HashMap.HashMap<MeshId, Attachment>>
  /** Attaches a mesh and serves it until the connection ends or the broker refuses it. */
  readonly run: (
    connection: Connection,
    mesh: Mesh
  ) => Effect.Effect<never, LinkLost | Refused | Unserved>
}>()("@claudemesh/daemon/broker_link/mesh_session/MeshSession") {
  static readonly layer = Layer.effect(
    MeshSession,
    Effect.gen(function*() {
      const meshes = yield* Meshes
      const links = yield* LinkStates
      const roster = yield* Roster
      const drain = yield* Drain
      const answering = yield* Answering
      const sql = yield* SqlClient.SqlClient
      const attachments = yield* SubscriptionRef.make(HashMap.empty<MeshId, Attachment>())
      const handlersFor = yield* makeHandlers
      const settle = yield* makeSettle
      const publish = yield* makePublish

      const leave = Effect.fnUntraced(function*(mesh: MeshId) {
        yield* SubscriptionRef.update(attachments, HashMap.remove(mesh))
        yield* roster.unknown(mesh)
      })
      const run = Effect.fn("MeshSession.run")(function*(connection: Connection, mesh: Mesh) {
        const opened = yield* attach(connection, mesh).pipe(
          Effect.provideService(Meshes, meshes),
          Effect.provideService(SqlClient.SqlClient, sql)
        )
        yield* settle(mesh, opened)
        yield* links.set(mesh.id, { state: "attached" })
        const began = yield* Clock.monotonicTimeNanos
        yield* SubscriptionRef.update(attachments, HashMap.set(mesh.id, opened.attachment))
        return yield* Effect.raceAllFirst([
          answering.run(opened.attachment),
          serve(opened.frames, handlersFor(opened.attachment)),
          drain.run(opened.attachment),
          publish(mesh, opened.attachment)
        ]).pipe(
          Effect.catchTag(
            "Refused",
            (refusal) =>
              Effect.flatMap(
                Clock.monotonicTimeNanos,
                (now) => Effect.fail(new Unserved({ refusal, lasted: now - began }))
              )
          ),
          Effect.ensuring(leave(mesh.id))
        )
      }, Effect.scoped)
      return MeshSession.of({ attachments, run })
    })
  )
}

/** Takes over what the broker said at the attach, and gives it what it has lost. */
const makeSettle = Effect.gen(function*() {
  const meshes = yield* Meshes
  const delivery = yield* Delivery
  const giveBack = yield* makeGiveBack
  const noteCopy = yield* makeNoteCopy
  const health = yield* HealthNotes

  return Effect.fnUntraced(function*(mesh: Mesh, { attached }: Opened) {
    const { id } = mesh
    const { head: [headSeq, headHash], sseq_floor: sseqFloor, store_epoch: storeEpoch } = attached
    const { membership, storeEpoch: before } = yield* meshes.find(id)
    const lacksStatements = membership !== undefined && headSeq < membership.head.seq
    // A store that went back in time, a backup say, can have kept its name.
    const isLost = before !== storeEpoch || lacksStatements ||
      sseqFloor < (yield* delivery.highestAdmitted(id))
    // Offered again first: a crash after the new store was noted would forget what the old one held.
    yield* isLost ? delivery.reoffer(id) : delivery.resume(id)
    yield* meshes.setStore(id, { storeEpoch, sseqFloor })
    yield* noteCopy(mesh, attached)
    if (membership && compareHead(membership, { seq: headSeq, hash: headHash }) === "fork") {
      yield* health.note(forkNote(mesh.name))
    }
    if (lacksStatements) yield* giveBack(id, headSeq)
  })
})

function forkNote(mesh: string): string {
  return `Mesh "${mesh}": its broker has another membership log than this machine, which keeps to its own`
}

/** Gives a broker the statements it lacks, and answers with how many; what it has already changes nothing there. */
export const makeGiveBack = Effect.gen(function*() {
  const meshes = yield* Meshes
  const http = yield* BrokerHttp

  return Effect.fn("MeshSession.giveBack")(function*(id: MeshId, after: number) {
    const { identity } = yield* meshes.find(id)
    const statements = yield* meshes.statements(id, after)
    for (let from = 0; from < statements.length; from += STATEMENTS_PER_REQUEST) {
      const page = statements.slice(from, from + STATEMENTS_PER_REQUEST)
      yield* http.put(identity.broker, { statements: page }).pipe(
        // A long log takes many requests: wait rather than begin again from its start.
        Effect.retry({
          schedule: Schedule.spaced("1 second"),
          while: ({ code }) => code === "rate_limited"
        })
      )
    }
    return statements.length
  })
})

/**
 * Publishes the prekey now, a new one whenever it is due, and ours again where somebody was given another:
 * whatever went back in time, a broker's store or a frame that came twice, goes on with that until then.
 */
const makePublish = Effect.gen(function*() {
  const { fresh, misses } = yield* Prekeys

  return (mesh: Mesh, { connection }: Attachment) => {
    const publish = Effect.flatMap(
      fresh(mesh.identity),
      (prekey) => connection.request({ type: "put_prekey", prekey })
    )
    return Effect.raceFirst(
      whenever(misses, Effect.andThen(publish, Effect.sleep(PREKEY_PAUSE))),
      Effect.forever(Effect.delay(publish, PREKEY_LOOK))
    )
  }
})

type PresenceOf = Extract<BrokerFrame, { readonly type: "presence" }>

/** What becomes of the frames of one attachment. */
const makeHandlers = Effect.gen(function*() {
  const meshes = yield* Meshes
  const roster = yield* Roster
  const receiver = yield* Receiver
  const events = yield* LocalEvents
  const delivery = yield* Delivery

  const take = Effect.fnUntraced(function*({ items, mesh }: PresenceOf) {
    yield* roster.seen(mesh, items)
    const attached = items.filter(({ state }) => state === "attached")
    if (attached.length > 0) {
      yield* delivery.expectPrekeys(mesh, attached.map(({ device }) => device))
    }
    for (const { device, state } of items) {
      yield* events.publish({ type: "presence", mesh, device, state })
    }
  })
  return (attachment: Attachment) => ({
    push: Effect.fnUntraced(function*(pushes: ReadonlyArray<Push>) {
      // Another epoch is that of an attachment that has been replaced.
      const current = pushes.filter(({ epoch }) => epoch === attachment.epoch)
      const last = current.at(-1)
      if (last === undefined) return
      for (let from = 0; from < current.length; from += limits.windowEntriesMax) {
        yield* receiver.receive(attachment, current.slice(from, from + limits.windowEntriesMax))
      }
      const { epoch, log, seq } = last
      yield* attachment.connection.send({ type: "ack", log, epoch, upto: seq })
    }),
    other: Effect.fnUntraced(function*(frame: BrokerFrame) {
      if (frame.type === "statements") {
        yield* meshes.learn(attachment.mesh, frame.items)
      } else if (frame.type === "presence") {
        yield* take(frame)
      } else if (frame.type === "detached") {
        return yield* detachment(frame.code)
      } else if (frame.type === "refused") {
        return yield* refusalOf(frame)
      }
    })
  })
})

function detachment(code: Extract<BrokerFrame, { readonly type: "detached" }>["code"]) {
  if (code === "revoked_device") {
    return refused("revoked_device", "This device was revoked in the mesh")
  }
  if (code === "replaced") {
    return refused("fenced", "Another machine or process attached with this device's keys")
  }
  return new LinkLost({ reason: `detached (${code})` })
}
