/**
 * Turns the text of a frame into a call of its row, and a refusal into an answer.
 *
 * The rows of all domains make the table; leaving one out does not compile.
 * What holds for every frame is done here once: its form, being attached,
 * the `ref` of the answer, and counting what only a broken client does.
 *
 * @module
 */
import {
  closeCodes,
  DeviceFrame,
  type ErrorCode,
  type MeshId,
  type MessageId,
  PROTOCOL_VERSIONS,
  readDeviceFrame,
  refOf,
  type Refused,
  type RefusedFrame
} from "@claudemesh/protocol"
import { Context, Effect, Layer, Result } from "effect"
import { makeLogHandlers } from "../logs/handlers.ts"
import { makeMembershipHandlers } from "../membership/handlers.ts"
import { makePrekeyHandlers } from "../prekeys/handlers.ts"
import { makeAttachHandlers } from "./attach.ts"
import type { Connection } from "./connection.ts"

/** Handles one frame after another; what it answers goes out on the connection. */
export type HandleText = (text: string) => Effect.Effect<void>

export class Dispatch extends Context.Service<Dispatch, {
  /** The table for one connection. */
  readonly of: (connection: Connection) => HandleText
}>()("@claudemesh/broker/gateway/dispatch") {
  static readonly layer = Layer.effect(Dispatch, Effect.suspend(() => make))
}

/** Refusals that a client in order never earns. */
const FAULTS: ReadonlySet<ErrorCode> = new Set(["malformed", "bad_signature", "bad_ack"])

const make = Effect.gen(function*() {
  const attaching = yield* makeAttachHandlers
  const logs = yield* makeLogHandlers
  const membership = yield* makeMembershipHandlers
  const prekeys = yield* makePrekeyHandlers

  function tableOf(connection: Connection) {
    return DeviceFrame.match({
      ...attaching(connection),
      ...logs(connection),
      ...membership(connection),
      ...prekeys(connection),
      ping: ({ t }) => Effect.sync(() => connection.send({ type: "pong", t }))
    })
  }

  return Dispatch.of({
    of: (connection) => {
      const handle = tableOf(connection)
      return (text) => {
        const read = readDeviceFrame(text)
        if (Result.isFailure(read)) {
          return Effect.sync(() => answerUnread(connection, text, read.failure))
        }
        const frame = read.success
        const run = mayPass(connection, frame) ? handle(frame) : notAttached(connection)
        return Effect.catch(
          run,
          (refusal) => Effect.sync(() => answerRefused(connection, frame, refusal))
        )
      }
    }
  })
})

/** Whoever has not attached may attach and ping, nothing else. */
function mayPass(connection: Connection, { type }: DeviceFrame): boolean {
  return connection.wasAttached || type === "attach" || type === "ping"
}

function notAttached(connection: Connection): Effect.Effect<void> {
  return Effect.sync(() => {
    connection.send({
      type: "refused",
      code: "not_attached",
      message: "Cannot handle this: attach to a mesh first"
    })
    connection.close(closeCodes.policy, "not attached")
  })
}

function answerUnread(connection: Connection, text: string, { code, message }: Refused): void {
  if (code === "unsupported") {
    const ref = refOf(text)
    const asked = ref === undefined ? {} : { ref }
    return connection.send({ type: "unsupported", ...asked, message, versions: PROTOCOL_VERSIONS })
  }
  connection.send({ type: "refused", code, message })
  connection.fault()
}

function answerRefused(connection: Connection, frame: DeviceFrame, refusal: Refused): void {
  const { code, message, retry_after_ms } = refusal
  const wait = retry_after_ms === undefined ? {} : { retry_after_ms }
  connection.send({ type: "refused", ...askedBy(frame), code, message, ...wait })
  if (FAULTS.has(code)) connection.fault()
  // Of a frame that was understood this is only said when there is no common version.
  if (code === "unsupported") {
    connection.close(closeCodes.unsupportedVersion, "no common version")
  }
}

/** What the answer repeats of the question. */
function askedBy(frame: DeviceFrame): Partial<Pick<RefusedFrame, "ref" | "mesh" | "id">> {
  const asked: { ref?: number; mesh?: MeshId; id?: MessageId } = {}
  if ("ref" in frame) asked.ref = frame.ref
  if ("mesh" in frame) asked.mesh = frame.mesh
  if (frame.type === "send") asked.id = frame.envelope.header.id
  return asked
}
