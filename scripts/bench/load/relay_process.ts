/**
 * The least a broker could do: hands each text to the socket whose number it begins with, and keeps nothing.
 *
 * The floor that a broker's throughput is compared with.
 *
 * @module
 */
import { NodeWS } from "@effect/platform-node"
import { createServer } from "node:http"

const server = createServer()
const sockets: Array<NodeWS.WebSocket> = []
new NodeWS.WebSocketServer({ server, perMessageDeflate: false }).on("connection", (socket) => {
  sockets.push(socket)
  socket.on("message", (data: Buffer) => {
    const text = data.toString()
    const end = text.indexOf(" ")
    sockets[Number(text.slice(0, end))]?.send(text.slice(end + 1))
  })
})
server.listen(0, "127.0.0.1", () => {
  const address = server.address()
  console.log(`http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`)
})
