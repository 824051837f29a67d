/**
 * The inbox of the client that runs a session: a socket that it reads peers' messages from.
 *
 * The contract is the client's own, partly documented and partly observed (`claude_code.md` §3). It answers
 * nothing on the connection: that a post was written says only that somebody listens.
 *
 * @module
 */
/* oxlint-disable effecttsgo/new-promise -- the push pipe runs without Effect */
import { connect, createServer, type Server, type Socket } from "node:net"

/** Where the client listens, and the word that says that we are of its own. */
export interface ClientInboxPlace {
  readonly socketPath: string
  readonly token: string
}

/** One entry of the client's inbox. */
export interface Post {
  /** Unique: the client's notices name it. */
  readonly id: string
  readonly text: string
  /** Who is said to write: the sender, or nobody in particular where several do. */
  readonly from: string
}

/** What the client sends back. */
export type FromClient =
  /** What became of posts. */
  | {
    readonly type: "notice"
    readonly status: PostFate
    readonly posts: ReadonlyArray<string>
  }
  /** The agent has answered by the client's own means. */
  | { readonly type: "reply"; readonly text: string }

/**
 * What can become of a post that did not reach the agent: it is kept for the user, its user lets no peer in,
 * it is gone, or the client dropped it because it has the same text already.
 */
export type PostFate = "held" | "refused" | "gone" | "duplicate"

const CONNECT_MILLIS_MAX = 5_000

/** The client opens one for each thing that it says. */
const CONNECTIONS_MAX = 64

/** A line that the client may send us. */
const LINE_CHARACTERS_MAX = 1_048_576

/** Posts one text; rejects where nobody listens. `replyTo` is the socket that notices and answers come to. */
export function postToClient(
  { socketPath, token }: ClientInboxPlace,
  { from, id, text }: Post,
  replyTo: string
): Promise<void> {
  const address = `uds:${replyTo}`
  const head = `<cross-session-message from="${address}" from-name="${
    attribute(from)
  }" from-mode="prompting">`
  const lines = [
    { type: "auth", token },
    {
      type: "user",
      msgV: 1,
      msg_id: id,
      priority: "next",
      from: address,
      message: { role: "user", content: `${head}\n${text}\n</cross-session-message>` }
    }
  ]
  return new Promise((resolve, reject) => {
    const socket = connect({ path: socketPath, timeout: CONNECT_MILLIS_MAX })
    socket.on("timeout", () => socket.destroy(new Error("the client does not read")))
    socket.on("error", reject)
    socket.on("connect", () => {
      socket.end(lines.map((line) => `${JSON.stringify(line)}\n`).join(""), () => resolve())
    })
    // Whatever is answered must be read, or the connection never closes.
    socket.resume()
  })
}

/** Rejects where nobody listens. Nothing is said: the client closes what stays silent. */
export function reachClient({ socketPath }: ClientInboxPlace): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ path: socketPath, timeout: CONNECT_MILLIS_MAX })
    socket.on("timeout", () => socket.destroy(new Error("the client does not listen")))
    socket.on("error", reject)
    socket.on("connect", () => socket.end(() => resolve()))
    socket.resume()
  })
}

/** Listens for what the client sends back; what is no line of its own is passed over. */
export function listenToClient(
  socketPath: string,
  onMessage: (message: FromClient) => void
): Promise<Server> {
  const server = createServer((socket) => readLines(socket, onMessage))
  server.maxConnections = CONNECTIONS_MAX
  return new Promise((resolve, reject) => {
    server.once("error", reject)
    server.listen(socketPath, () => resolve(server))
  })
}

function readLines(socket: Socket, onMessage: (message: FromClient) => void): void {
  let rest = ""
  function take(line: string) {
    const message = fromClient(line)
    if (message !== undefined) onMessage(message)
  }
  socket.setEncoding("utf8")
  socket.on("error", () => socket.destroy())
  socket.on("end", () => take(rest))
  socket.on("data", (chunk: string) => {
    const lines = (rest + chunk).split("\n")
    rest = lines.pop() ?? ""
    if (rest.length > LINE_CHARACTERS_MAX) socket.destroy()
    lines.forEach(take)
  })
}

/** What a line of the client says; nothing where it is none that we know. */
export function fromClient(line: string): FromClient | undefined {
  const entry = parsedObject(line)
  if (entry?.["type"] === "control" && entry["action"] === "peer_message_status") {
    return noticeOf(entry)
  }
  const content = entry?.["type"] === "user" ? asObject(entry["message"])?.["content"] : undefined
  return typeof content === "string" ? { type: "reply", text: unwrapped(content) } : undefined
}

/** One notice may stand for a burst: then it names the others beside the first. */
function noticeOf(entry: Readonly<Record<string, unknown>>): FromClient | undefined {
  const { dropped_msg_ids: more, orig_msg_id: first } = entry
  const posts = [first, ...(Array.isArray(more) ? more : [])].filter((id) => typeof id === "string")
  const fate = fateIn(entry)
  return fate === undefined || posts.length === 0
    ? undefined
    : { type: "notice", status: fate, posts }
}

function fateIn(
  { drop_reason: reason, status, status_detail: detail }: Readonly<Record<string, unknown>>
): PostFate | undefined {
  if (detail === "refused") return "refused"
  return status === "dropped" && reason === "duplicate" ? "duplicate" : FATES.get(status)
}

/** The words of the client; what it says beside them is no end of a post. */
const FATES: ReadonlyMap<unknown, PostFate> = new Map([
  ["held", "held"],
  ["denied", "refused"],
  ["refused", "refused"],
  ["expired", "gone"],
  ["dropped", "gone"]
])

/** What stands in the client's own envelope. */
function unwrapped(content: string): string {
  const [, body] =
    /^<cross-session-message[^>]*>\n?([\s\S]*?)\n?<\/cross-session-message>\s*$/.exec(content) ?? []
  return body ?? content
}

function attribute(text: string): string {
  return text.replaceAll(/[^\w@.:+ -]/g, "_")
}

function parsedObject(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return asObject(JSON.parse(line))
  } catch {
    return undefined
  }
}

function asObject(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === "object" && value !== null ? { ...value } : undefined
}
