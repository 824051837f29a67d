/**
 * Connects a test to a broker by WebSocket.
 *
 * @module
 */
import { SOCKET_PATH } from "@claudemesh/protocol"
import { Effect, Schema } from "effect"
import { WebSocket } from "ws"
import { Inbox, type Wire } from "./wire.ts"

/** The upgrade was refused. */
export class UpgradeRefused extends Schema.TaggedError<UpgradeRefused>()("UpgradeRefused", {
  status: Schema.Int
}) {}

/** A wire, and the socket under it. */
export interface WebSocketWire extends Wire {
  readonly socket: WebSocket
}

/** Opens a socket; it closes with the scope. */
export const connectWebSocket = (origin: string, headers: Record<string, string> = {}) =>
  Effect.acquireRelease(
    Effect.callback<WebSocketWire, UpgradeRefused>((resume) => {
      const inbox = new Inbox()
      const socket = new WebSocket(`${origin.replace(/^http/, "ws")}${SOCKET_PATH}`, { headers })
      socket.on("message", (data: Buffer) => inbox.arrived(data.toString()))
      socket.on("close", (code, reason) => inbox.closed({ code, reason: reason.toString() }))
      socket.on("unexpected-response", (request, { statusCode }) => {
        request.destroy()
        resume(Effect.fail(new UpgradeRefused({ status: statusCode ?? 0 })))
      })
      socket.on("error", () => resume(Effect.fail(new UpgradeRefused({ status: 0 }))))
      socket.on("open", () =>
        resume(Effect.succeed({
          inbox,
          socket,
          send: (text) => socket.send(text),
          close: () => socket.close()
        })))
    }),
    ({ socket }) => Effect.sync(() => socket.terminate())
  )
