/**
 * One open connection to a broker: requests find their answers, all else goes to the mesh it names.
 *
 * Ends with the wire. Requests under way then fail with `LinkLost`, and are
 * made again on the next connection by whoever made them.
 *
 * @module
 */
import {
  type BrokerFrame,
  type Challenge,
  commonVersion,
  type DeviceFrame,
  type DeviceId,
  limits,
  type MeshId,
  readBrokerFrame,
  type Refused,
  refused,
  writeFrame
} from "@claudemesh/protocol"
import { Clock, Effect, Exit, Option, Queue, Ref, Result, type Scope } from "effect"
import { LinkLost, type Wire } from "./broker_transport.ts"
import { makePings } from "./pings.ts"
import type { GoAway } from "./reconnect.ts"
import { type Answer, ANSWER_TIMEOUT, makeRequests, type Request, unanswered } from "./requests.ts"

/** Frames of one mesh that answer no request, in the order they came. */
export type MeshFrames = Queue.Dequeue<BrokerFrame, LinkLost>

/** An open connection whose challenge was read. */
export interface Connection {
  readonly challenge: Challenge
  readonly send: (frame: DeviceFrame) => Effect.Effect<void, LinkLost>
  /** Sends a request now, and answers with what waits for its answer; so requests keep their order. */
  readonly submit: (request: Request) => Effect.Effect<Answer, LinkLost>
  readonly request: (request: Request) => Answer
  /** Asks the broker for a sign of life, and returns once it has come. */
  readonly roundTrip: Effect.Effect<void, LinkLost>
  /** What the broker sends about a mesh by itself, from now until the scope closes. */
  readonly framesOf: (
    mesh: MeshId,
    device: DeviceId
  ) => Effect.Effect<MeshFrames, never, Scope.Scope>
  /** How long the broker asked us to stay away, if it did. */
  readonly goAway: Effect.Effect<GoAway | undefined>
  /** Reads until the connection ends. */
  readonly run: Effect.Effect<never, LinkLost>
}

/** Frames of a mesh that wait; more than a broker may push unacknowledged. */
const FRAMES_WAITING_MAX = 4 * limits.windowEntriesMax

/** Reads the challenge of a wire that was just opened; refuses a broker that calls itself something else. */
export const openConnection = Effect.fn("openConnection")(function*(origin: string, wire: Wire) {
  const meshes = new Map<MeshId | DeviceId, Queue.Queue<BrokerFrame, LinkLost>>()
  const pings = makePings(send)
  const requests = makeRequests(send)
  const goAway = yield* Ref.make<GoAway | undefined>(undefined)
  const seen = yield* Effect.flatMap(Clock.monotonicTimeNanos, Ref.make)
  const [first, ...early] = yield* receiveFirst(origin, wire)
  const challenge = yield* checkChallenge(origin, first)

  function send(frame: DeviceFrame) {
    return wire.send([writeFrame(frame)])
  }
  const dispatch = Effect.fnUntraced(function*(frame: BrokerFrame) {
    if (frame.type === "goaway") yield* Ref.set(goAway, frame)
    if (frame.type === "pong") yield* pings.answered(frame.t)
    const isAnswer = yield* requests.answered(frame)
    const subject = subjectOf(frame)
    const mesh = subject === undefined ? undefined : meshes.get(subject)
    if (!isAnswer && mesh !== undefined) yield* Queue.offer(mesh, frame)
  })
  const receive = Effect.fnUntraced(function*(texts: ReadonlyArray<string>) {
    yield* Ref.set(seen, yield* Clock.monotonicTimeNanos)
    yield* Effect.forEach(texts, (text) => Effect.flatMap(readFrame(text), dispatch), {
      discard: true
    })
  })
  const end = Effect.fnUntraced(function*(lost: LinkLost) {
    yield* requests.lost(lost)
    yield* pings.lost(lost)
    for (const frames of meshes.values()) yield* Queue.fail(frames, lost)
  })
  const read = Effect.andThen(receive(early), Effect.forever(Effect.flatMap(wire.receive, receive)))
  const run = Effect.raceAllFirst([read, pings.keepAlive, watchSilence(seen)]).pipe(
    Effect.onExit((exit) => end(reasonOf(exit)))
  )

  const framesOf = Effect.fnUntraced(function*(mesh: MeshId, device: DeviceId) {
    const frames = yield* Queue.bounded<BrokerFrame, LinkLost>(FRAMES_WAITING_MAX)
    meshes.set(mesh, frames).set(device, frames)
    // Nobody waits to put a frame into a queue that nobody reads.
    yield* Effect.addFinalizer(() => {
      for (const key of [mesh, device]) if (meshes.get(key) === frames) meshes.delete(key)
      return Queue.shutdown(frames)
    })
    return frames
  })
  const connection: Connection = {
    challenge,
    send,
    submit: requests.submit,
    request: (request) => Effect.flatten(requests.submit(request)),
    roundTrip: pings.roundTrip,
    framesOf,
    goAway: Ref.get(goAway),
    run
  }
  return connection
})

const receiveFirst = Effect.fnUntraced(function*(origin: string, wire: Wire) {
  return yield* wire.receive.pipe(
    Effect.timeoutOrElse({
      duration: ANSWER_TIMEOUT,
      orElse: () => Effect.fail(unanswered("connect"))
    }),
    Effect.mapError(({ message }) =>
      refused("broker_unreachable", `Cannot use the broker at ${origin}: ${message}`)
    )
  )
})

function checkChallenge(
  origin: string,
  text: string | undefined
): Effect.Effect<Challenge, Refused> {
  const frame = Result.getOrUndefined(readBrokerFrame(text ?? ""))
  if (frame?.type !== "challenge") {
    return Effect.fail(
      refused("not_a_broker", `Cannot use ${origin}: what answers there is no claudemesh broker`)
    )
  }
  if (commonVersion(frame.versions) === undefined) {
    return Effect.fail(
      refused(
        "unsupported",
        `Cannot use the broker at ${origin}: it speaks versions ${frame.versions.join(", ")}`
      )
    )
  }
  if (frame.origin === origin) return Effect.succeed(frame)
  return Effect.fail(
    refused("wrong_origin", `Cannot use the broker at ${origin}: it calls itself "${frame.origin}"`)
  )
}

function readFrame(text: string): Effect.Effect<BrokerFrame, LinkLost> {
  return Effect.mapError(
    Effect.fromResult(readBrokerFrame(text)),
    ({ message }) => new LinkLost({ reason: message })
  )
}

/** The mesh, or the log, that a frame is about. */
function subjectOf(frame: BrokerFrame): MeshId | DeviceId | undefined {
  if (frame.type === "push") return frame.log
  return "mesh" in frame ? frame.mesh : undefined
}

/** Fails once nothing has come for too long. Runs on the monotonic clock, so a wrong date ends nothing. */
function watchSilence(seen: Ref.Ref<bigint>): Effect.Effect<never, LinkLost> {
  return Effect.gen(function*() {
    while (true) {
      const silence = (yield* Clock.monotonicTimeNanos) - (yield* Ref.get(seen))
      const left = limits.deadMillis - Number(silence / 1_000_000n)
      if (left <= 0) break
      yield* Effect.sleep(left)
    }
    return yield* new LinkLost({ reason: `nothing came for ${limits.deadMillis / 1_000} seconds` })
  })
}

/** What requests under way are told when the connection has ended like that. */
function reasonOf(exit: Exit.Exit<never, LinkLost>): LinkLost {
  return Option.getOrElse(
    Exit.findErrorOption(exit),
    () => new LinkLost({ reason: "it was closed" })
  )
}
