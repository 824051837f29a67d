/**
 * The same fleet over a bare relay: texts of the same size, from socket to socket, kept nowhere.
 *
 * @module
 */
import { NodeWS } from "@effect/platform-node"
import { Effect } from "effect"
import { type Fleet, type FleetListener, idOf } from "./fleet.ts"

/** About what a frame with a sealed body of 1 KiB takes. */
const FRAME_BYTES = 3_900

/** Connects so many sockets to a relay, one after the other, so that it numbers them like us. */
export const relayedFleet = Effect.fnUntraced(function*(origin: string, devices: number) {
  let listener: FleetListener | undefined
  const filler = "x".repeat(FRAME_BYTES)
  const sockets: Array<NodeWS.WebSocket> = []
  for (let device = 0; device < devices; device++) sockets.push(yield* connected(origin))
  for (const socket of sockets) {
    socket.on("message", (data: Buffer) => {
      const text = data.toString()
      const number = Number.parseInt(text.slice(30, 42), 16)
      listener?.admitted(number)
      listener?.arrived(number)
    })
  }
  const fleet: Fleet = {
    devices,
    send: (device, number) =>
      sockets[device]?.send(`${(device + 1) % devices} "id":"${idOf(1, number)}"${filler}`),
    listen: (next) => {
      listener = next
    }
  }
  return fleet
})

function connected(origin: string) {
  const opened = Effect.acquireRelease(
    Effect.sync(() =>
      new NodeWS.WebSocket(origin.replace("http", "ws"), { perMessageDeflate: false })
    ),
    (socket) => Effect.sync(() => socket.terminate())
  )
  return Effect.tap(opened, (socket) =>
    Effect.callback<void>((resume) => {
      socket.once("open", () => resume(Effect.void))
      socket.once("error", (error) => resume(Effect.die(error)))
    }))
}
