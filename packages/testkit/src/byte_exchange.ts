/**
 * Hands bytes to whatever listens at a port or socket, and takes what comes back until the other end has had enough.
 *
 * @module
 */
import { Effect } from "effect"
import { connect, type NetConnectOpts } from "node:net"

/** Writes the parts, and answers with what came back when the other end has closed; until then it waits. */
export function exchangeBytes(
  place: NetConnectOpts,
  parts: ReadonlyArray<Uint8Array>
): Effect.Effect<Uint8Array> {
  return Effect.callback((resume) => {
    const socket = connect(place)
    const chunks: Array<Buffer> = []
    socket.on("data", (chunk: Buffer) => chunks.push(chunk))
    socket.on("error", ignore) // the other end may drop the connection while it is written to
    socket.on("close", () => resume(Effect.succeed(new Uint8Array(Buffer.concat(chunks)))))
    socket.on("connect", () => {
      for (const part of parts) socket.write(part)
    })
    return Effect.sync(() => socket.destroy())
  })
}

function ignore(): void {}
