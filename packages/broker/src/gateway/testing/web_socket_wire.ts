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
export function connectWebSocket(origin: string, headers: Record<string, string> = {}) {
  return Effect.acquireRelease(
    Effect.callback<WebSocketWire, UpgradeRefused>((resume) => {
      const socket = new WebSocket(`${origin.replace(/^http/, "ws")}${SOCKET_PATH}`, { headers })
      const inbox = inboxOf(socket)
      socket.on("unexpected-response", (request, { statusCode }) => {
        request.destroy()
        resume(Effect.fail(new UpgradeRefused({ status: statusCode ?? 0 })))
      })
      socket.on("error", () => resume(Effect.fail(new UpgradeRefused({ status: 0 }))))
      socket.on("open", () => resume(Effect.succeed(wireOf(socket, inbox))))
    }),
    ({ socket }) => Effect.sync(() => socket.terminate())
  )
}

function inboxOf(socket: WebSocket): Inbox {
  const inbox = new Inbox()
  socket.on("message", (data: Buffer) => inbox.arrived(data.toString()))
  socket.on("close", (code, reason) => inbox.closed({ code, reason: reason.toString() }))
  return inbox
}

function wireOf(socket: WebSocket, inbox: Inbox): WebSocketWire {
  return { inbox, socket, send: (text) => socket.send(text), close: () => socket.close() }
}
