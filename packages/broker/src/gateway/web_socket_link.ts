/**
 * A connection over `ws`, and the limits without which `ws` is unsafe.
 *
 * Messages sent in one turn of the event loop leave in one write.
 *
 * @module
 */
import { limits } from "@claudemesh/protocol"
import type { Socket } from "node:net"
import { type RawData, type WebSocket, WebSocketServer } from "ws"
import type { Connection } from "./connection.ts"
import type { Link } from "./link.ts"

/** The standard code for data of a kind that is not taken. */
const UNSUPPORTED_DATA = 1003

/** How long a client may take to answer a close before its socket is dropped. */
const CLOSE_MILLIS_MAX = 1_000

/** The server side of `ws`. With its own defaults, 300 sockets of tiny fragments take 800 MB. */
export function makeWebSocketServer(): WebSocketServer {
  const options = {
    noServer: true,
    clientTracking: false,
    maxPayload: limits.frameBytesMax,
    maxFragments: 16,
    maxBufferedChunks: 1_024,
    perMessageDeflate: false,
    closeTimeout: CLOSE_MILLIS_MAX // which its types do not know yet
  }
  return new WebSocketServer(options)
}

/** The broker's side of a socket. */
export function linkOf(socket: WebSocket, raw: Socket): Link {
  let isCorked = false
  function cork() {
    if (isCorked) return
    isCorked = true
    raw.cork()
    process.nextTick(() => {
      isCorked = false
      raw.uncork()
    })
  }
  return {
    send: (text) => {
      cork()
      socket.send(text)
    },
    close: (code, reason) => {
      socket.resume() // so that the answer to the close is read
      socket.close(code, reason)
    },
    terminate: () => socket.terminate(),
    bufferedBytes: () => socket.bufferedAmount,
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    ping: () => socket.ping()
  }
}

/** Leads what the socket says to the connection. */
export function follow(socket: WebSocket, connection: Connection): void {
  socket.on("message", (data: RawData, isBinary: boolean) => {
    if (isBinary) return connection.close(UNSUPPORTED_DATA, "frames are text")
    connection.receive(textOf(data))
  })
  socket.on("ping", () => connection.heard())
  socket.on("pong", () => connection.heard())
  socket.on("close", () => connection.closed())
}

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString()
  return Buffer.isBuffer(data) ? data.toString() : Buffer.from(data).toString()
}
