/**
 * One mesh on one connection: proves the device, then serves what the broker sends until the connection ends.
 *
 * @module
 */
import {
  type Attached,
  type BrokerFrame,
  type DeviceId,
  type MeshId,
  PROTOCOL_VERSIONS,
  type Push,
  refusalOf,
  type Refused,
  signAttach
} from "@claudemesh/protocol"
import { Clock, Effect, Queue } from "effect"
import { type Mesh, Meshes } from "../meshes/meshes.ts"
import { LinkLost } from "./broker_transport.ts"
import type { Connection, MeshFrames } from "./connection.ts"
import { makeMailboxMarks } from "./mailbox_marks.ts"

/** A mesh that is attached. */
export interface Attachment {
  readonly mesh: MeshId
  readonly device: DeviceId
  readonly epoch: number
  /** The broker's clock, which statements are dated by; ours may be set to another date at any time. */
  readonly brokerTime: Effect.Effect<number>
  readonly connection: Connection
  /** Reads the membership log on to its end. */
  readonly catchUp: Effect.Effect<void, LinkLost | Refused>
}

/** An attachment, and the frames that follow it. */
export interface Opened {
  readonly attachment: Attachment
  readonly attached: Attached
  readonly frames: MeshFrames
}

/** Proves the device to the broker, until the scope closes; its refusal comes out as it is. */
export const attach = Effect.fn("attach")(
  function*(connection: Connection, { id, identity }: Mesh) {
    const meshes = yield* Meshes
    const marks = yield* makeMailboxMarks
    const mesh = yield* meshes.find(id)
    const have = {
      statements: mesh.membership?.head.seq ?? 0,
      ...(yield* marks.claim(id, mesh.upto)),
      ...(mesh.storeEpoch === undefined ? {} : { store_epoch: mesh.storeEpoch })
    }
    const claim = {
      mesh: id,
      device: identity.deviceId,
      have,
      incarnation: meshes.incarnation,
      versions: PROTOCOL_VERSIONS
    }
    const frames = yield* connection.framesOf(id, identity.deviceId)
    yield* connection.send({
      type: "attach",
      ...claim,
      sig: signAttach(claim, connection.challenge, identity.device)
    })
    const attached = yield* awaitAttached(frames)
    // A mesh that is served no more must not look connected: the connection may live on for others.
    yield* Effect.addFinalizer(() => detach(connection, id))
    const attachment: Attachment = {
      mesh: id,
      device: identity.deviceId,
      epoch: attached.epoch,
      brokerTime: runningFrom(attached.now, yield* Clock.monotonicTimeNanos),
      connection,
      catchUp: catchUp(meshes, connection, id)
    }
    return { attachment, attached, frames } satisfies Opened
  }
)

function runningFrom(now: number, atNanos: bigint): Effect.Effect<number> {
  return Effect.map(
    Clock.monotonicTimeNanos,
    (nanos) => now + Number((nanos - atNanos) / 1_000_000n)
  )
}

/** How long a goodbye may take: the connection may be at its end as well. */
const DETACH_TIMEOUT = "250 millis"

function detach(connection: Connection, mesh: MeshId): Effect.Effect<void> {
  return connection.send({ type: "detach", mesh }).pipe(
    Effect.interruptible,
    Effect.timeoutOption(DETACH_TIMEOUT),
    Effect.ignore
  )
}

/** How long a broker may take to answer an attach. */
const ATTACH_TIMEOUT = "10 seconds"

function awaitAttached(frames: MeshFrames): Effect.Effect<Attached, LinkLost | Refused> {
  return Effect.flatMap(
    Queue.take(frames),
    (frame): Effect.Effect<Attached, LinkLost | Refused> => {
      if (frame.type === "attached") return Effect.succeed(frame)
      if (frame.type === "refused") return Effect.fail(refusalOf(frame))
      return awaitAttached(frames)
    }
  ).pipe(
    Effect.timeoutOrElse({
      duration: ATTACH_TIMEOUT,
      orElse: () => Effect.fail(new LinkLost({ reason: "no answer to \"attach\"" }))
    })
  )
}

/** Reads statements until there are no more. */
function catchUp(
  meshes: Meshes["Service"],
  connection: Connection,
  mesh: MeshId
): Effect.Effect<void, LinkLost | Refused> {
  return Effect.gen(function*() {
    while (true) {
      const after = (yield* meshes.find(mesh)).membership?.head.seq ?? 0
      const answer = yield* connection.request({ type: "read_statements", mesh, after })
      if (answer.type !== "statements") return
      const membership = yield* meshes.learn(mesh, answer.items)
      const read = membership?.head.seq ?? 0
      // A broker that says the same again and again is not asked again and again.
      if (read <= after || read >= answer.head) return
    }
  })
}

/** What a mesh does with the frames that come by themselves. */
export interface FrameHandlers {
  readonly push: (pushes: ReadonlyArray<Push>) => Effect.Effect<void, LinkLost | Refused>
  readonly other: (frame: BrokerFrame) => Effect.Effect<void, LinkLost | Refused>
}

/** Takes frames in their order, neighbouring pushes together, until the connection ends. */
export function serve(
  frames: MeshFrames,
  handlers: FrameHandlers
): Effect.Effect<never, LinkLost | Refused> {
  return Effect.forever(
    Effect.flatMap(Queue.takeAll(frames), (batch) =>
      Effect.forEach(
        runsOfPushes(batch),
        (run) => ("type" in run ? handlers.other(run) : handlers.push(run)),
        { discard: true }
      ))
  )
}

function runsOfPushes(
  frames: ReadonlyArray<BrokerFrame>
): ReadonlyArray<BrokerFrame | ReadonlyArray<Push>> {
  const runs: Array<BrokerFrame | Array<Push>> = []
  for (const frame of frames) {
    const last = runs.at(-1)
    if (frame.type !== "push") runs.push(frame)
    else if (Array.isArray(last)) last.push(frame)
    else runs.push([frame])
  }
  return runs
}
