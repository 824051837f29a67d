/**
 * Where the processes that wait for a session find its push pipe: a socket in the home, named after the client.
 *
 * A waiter says what it is, as one line; each line that it reads is a text, as JSON. Where the connection ends
 * there is nothing to wait for.
 *
 * @module
 */
/* oxlint-disable effecttsgo/new-promise -- the push pipe and its waiters run without Effect */
import { connect, createServer, type Server, type Socket } from "node:net"
import { WAITER_KINDS, type WaiterKind, type WaitingRoom } from "./waiting_room.ts"

/** A waiter's line may be so long: it says a word. */
const HELLO_CHARACTERS_MAX = 64

/** Those that are sent away leave at once. */
const CONNECTIONS_MAX = 16

/** Where the waiters of a client come to: in a directory that is its user's alone, for the model reads what they say. */
export function waiterSocketOf(home: string, clientPid: number): string {
  return `${home}/run/pipe-${clientPid}.sock`
}

/** Lets waiters in; rejects where it cannot listen. */
export function receiveWaiters(path: string, room: Pick<WaitingRoom, "admit">): Promise<Server> {
  const server = createServer((socket) => receive(socket, room))
  server.maxConnections = CONNECTIONS_MAX
  return new Promise((resolve, reject) => {
    server.once("error", reject)
    server.listen(path, () => resolve(server))
  })
}

function receive(socket: Socket, room: Pick<WaitingRoom, "admit">): void {
  let hello = ""
  socket.setEncoding("utf8")
  socket.on("error", () => socket.destroy())
  socket.on("data", (chunk: string) => {
    const isComplete = hello.includes("\n")
    if (!isComplete) hello += chunk
    if (isComplete || hello.length > HELLO_CHARACTERS_MAX) return void socket.destroy()
    if (!hello.endsWith("\n")) return
    const kind = WAITER_KINDS.find((one) => `${one}\n` === hello)
    if (kind === undefined) return void socket.destroy()
    const leave = room.admit(kind, {
      give: (text) => socket.write(`${JSON.stringify(text)}\n`),
      dismiss: () => socket.end()
    })
    socket.once("close", leave)
  })
}

/** Waits as one of that kind; answers whether anybody was there to wait at. */
export function waitAt(
  path: string,
  kind: WaiterKind,
  onText: (text: string) => void
): Promise<boolean> {
  return new Promise((resolve) => {
    let isThere = false
    let rest = ""
    const socket = connect(path, () => {
      isThere = true
      socket.write(`${kind}\n`)
    })
    socket.setEncoding("utf8")
    socket.on("error", () => {})
    socket.on("close", () => resolve(isThere))
    socket.on("data", (chunk: string) => {
      const lines = (rest + chunk).split("\n")
      rest = lines.pop() ?? ""
      for (const text of lines.flatMap(textsIn)) onText(text)
    })
  })
}

function textsIn(line: string): ReadonlyArray<string> {
  try {
    const text: unknown = JSON.parse(line)
    return typeof text === "string" ? [text] : []
  } catch {
    return []
  }
}
