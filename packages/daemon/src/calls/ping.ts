/**
 * Asks the daemon of a peer for a sign of life, and says how long each leg of the way took.
 *
 * The broker first, then the call until the broker has it, then until the
 * peer's daemon has answered. What fails says how far it got.
 *
 * @module
 */
import {
  type DeviceId,
  type ErrorCode,
  limits,
  type MeshId,
  type Refused,
  refused
} from "@claudemesh/protocol"
import type { Peer, PingLeg, PingReport } from "@claudemesh/protocol/local_api"
import { Clock, Context, Effect, Layer, Ref } from "effect"
import type { Attachment } from "../broker_link/attachment.ts"
import type { LinkLost } from "../broker_link/broker_transport.ts"
import { Links } from "../broker_link/links.ts"
import { type Mesh, Meshes } from "../meshes/meshes.ts"
import { makeRecipientPrekeys } from "../prekeys/recipient_prekeys.ts"
import { Roster } from "../roster/roster.ts"
import { Calls } from "./calls.ts"
import { makeSealCall } from "./seal_call.ts"

/** How long is waited, unless told otherwise, and at least. */
const TIMEOUT_MILLIS = 5_000
const TIMEOUT_MILLIS_MIN = 100

/** Asks for signs of life. */
export class Ping extends Context.Service<Ping, {
  /** Asks every device of the peer at the same time. Only a name that nobody has is refused. */
  readonly ping: (
    mesh: Mesh,
    to: string,
    timeoutMillis?: number
  ) => Effect.Effect<ReadonlyArray<PingReport>, Refused>
}>()("@claudemesh/daemon/calls/ping") {
  static readonly layer = Layer.effect(
    Ping,
    Effect.gen(function*() {
      const roster = yield* Roster
      const pingDevice = yield* makePingDevice

      const ping = Effect.fn("Ping.ping")(
        function*(mesh: Mesh, to: string, timeoutMillis = TIMEOUT_MILLIS) {
          const { devices } = yield* roster.resolve(mesh, to)
          const timeout = bounded(timeoutMillis)
          const pinged = yield* Effect.forEach(
            devices,
            ({ device_id }) => pingDevice(mesh.id, device_id, timeout),
            { concurrency: "unbounded" }
          )
          const peers = yield* roster.peers(mesh)
          return pinged.flatMap((done, at) => {
            const peer = peers.find(({ device_id }) => device_id === devices[at]?.device_id)
            return peer === undefined ? [] : [{ ...seenAs(peer), ...done }]
          })
        }
      )
      return Ping.of({ ping })
    })
  )
}

function bounded(millis: number): number {
  return Math.min(Math.max(millis, TIMEOUT_MILLIS_MIN), limits.callMillisMax)
}

function seenAs({ device_id, name, since, state }: Peer) {
  return { name, device_id, state, ...(since === undefined ? {} : { since }) }
}

/** The legs that were gone through, and why there are no more. */
type Pinged = Pick<PingReport, "legs" | "failure">

/** Goes through the legs to one device. */
const makePingDevice = Effect.gen(function*() {
  const links = yield* Links
  const call = yield* makeCall

  return Effect.fnUntraced(function*(mesh: MeshId, device: DeviceId, timeoutMillis: number) {
    const legs = yield* Ref.make<PingReport["legs"]>([])
    const timed = makeTimed(legs)
    const gone = Effect.gen(function*() {
      const attachment = yield* links.attachment(mesh)
      yield* timed("broker", attachment.connection.roundTrip)
      yield* call({ attachment, device, timed })
    }).pipe(
      Effect.timeoutOrElse({
        duration: timeoutMillis,
        orElse: () => Effect.fail(noAnswer(timeoutMillis))
      })
    )
    const failure = yield* gone.pipe(Effect.as(undefined), Effect.catch(Effect.succeed))
    const done: Pinged = { legs: yield* Ref.get(legs) }
    return failure === undefined ? done : { ...done, failure: failureOf(failure, done.legs) }
  })
})

interface Calling {
  readonly attachment: Attachment
  readonly device: DeviceId
  readonly timed: Timed
}

/** Sends the call, and waits for its answer. */
const makeCall = Effect.gen(function*() {
  const meshes = yield* Meshes
  const calls = yield* Calls
  const seal = yield* makeSealCall

  return Effect.fnUntraced(function*({ attachment: { connection, mesh }, device, timed }: Calling) {
    const { membership } = yield* meshes.find(mesh)
    const prekeys = yield* makeRecipientPrekeys(connection)
    const found = membership && (yield* prekeys.find(membership, [device], new Set()))
    const prekey = found?.get(device)
    if (prekey === undefined) return yield* noPrekey()
    const address = { mesh, device, prekey, ttl: limits.callMillisMax }
    const envelope = yield* seal(address, { method: "ping" })
    const { commit, id } = envelope.header
    const answer = yield* calls.expect({ id, device, commit })
    yield* timed("admitted", connection.request({ type: "send", envelope }))
    yield* timed("answered", answer)
  }, Effect.scoped)
})

type Timed = ReturnType<typeof makeTimed>

/** Notes a leg with its time, once it was gone through. */
function makeTimed(legs: Ref.Ref<PingReport["legs"]>) {
  return Effect.fnUntraced(function*<A, E>(leg: PingLeg, going: Effect.Effect<A, E>) {
    const began = yield* Clock.monotonicTimeNanos
    yield* going
    const ms = Number((yield* Clock.monotonicTimeNanos) - began) / 1e6
    yield* Ref.update(legs, (before) => [...before, { leg, ms }])
  })
}

function noAnswer(timeoutMillis: number): Refused {
  return refused("timed_out", `No answer within ${timeoutMillis} ms`)
}

function noPrekey(): Refused {
  return refused("no_prekey", "Its machine has not been connected yet")
}

/** What the reader of a report is told. Whether the other side is too old shows in how far the call got. */
function failureOf(failure: Refused | LinkLost, { length }: PingReport["legs"]): {
  readonly code: ErrorCode
  readonly message: string
} {
  if (failure._tag === "LinkLost") return { code: "broker_unreachable", message: failure.message }
  const { code, message } = failure
  if (code !== "unsupported") return { code, message }
  const older = length < 2
    ? "The broker is older than this daemon: it carries no pings"
    : "Its daemon is older than this one: it answers no pings"
  return { code, message: older }
}
