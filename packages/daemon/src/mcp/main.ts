/**
 * The push pipe as a process: `claudemesh mcp`, started by the client, one for each session.
 *
 * It is the only part of it with a real clock, files and sockets, and the only one that reads the
 * environment. It starts without Effect, because there is one for each agent on the machine.
 *
 * @module
 */
/* oxlint-disable effecttsgo/async-function, effecttsgo/global-date, effecttsgo/global-timers, effecttsgo/node-builtin-import, effecttsgo/process-env -- the push pipe runs without Effect; all else gets its clock from here */
import { homedir } from "node:os"
import { randomUUID } from "node:crypto"
import { readFileSync, rmSync, writeFileSync } from "node:fs"
import { open, stat } from "node:fs/promises"
import { dirname } from "node:path"
import { type HomeLocation, locateHome } from "../home_location.ts"
import type { Carrier } from "@claudemesh/protocol"
import { readCapabilities } from "@claudemesh/protocol/capabilities"
import { type ReadGroup, readGroups } from "@claudemesh/protocol/groups_text"
import type { CarrierWorld } from "./carrier.ts"
import {
  type ClientInboxPlace,
  type FromClient,
  listenToClient,
  postToClient,
  reachClient
} from "./client_inbox.ts"
import { ask, type LocalPlace, stream } from "./local_http.ts"
import { Pipe, type PipeWorld } from "./pipe.ts"
import { listenPrivately } from "./private_socket.ts"
import { PipeServer } from "./server.ts"
import { receiveWaiters, waiterSocketOf } from "./waiter_socket.ts"

/** What the client tells its own by the environment. */
interface ClientFacts {
  readonly session: string
  readonly pid: number
  readonly inbox: ClientInboxPlace | undefined
  readonly mayUse: (carrier: Carrier) => boolean
  /** What `claudemesh launch` wants of it: `CLAUDEMESH_SESSION_NAME` and the like. */
  readonly wanted: Readonly<Record<string, string>>
  /** `CLAUDEMESH_SESSION_GROUPS`; the daemon says what of it are none. */
  readonly groups: ReadonlyArray<ReadGroup>
  /** `CLAUDEMESH_SESSION_CAPS`, likewise; null for no limit, nothing where nobody says. */
  readonly caps: ReadonlyArray<string> | null | undefined
}

/** What may be wanted of a session, and by which setting. */
const WANTED = [
  ["name", "CLAUDEMESH_SESSION_NAME"],
  ["mesh", "CLAUDEMESH_SESSION_MESH"],
  ["mode", "CLAUDEMESH_SESSION_MODE"],
  ["role", "CLAUDEMESH_SESSION_ROLE"]
] as const

const ANSWER_MILLIS_MAX = 5_000

/** Runs until the client closes its end: then nobody is left whom it could tell anything. */
export async function runPipe(version: string): Promise<void> {
  const facts = clientFacts(process.env)
  const home = locateHome({
    home: process.env["CLAUDEMESH_HOME"] ?? "",
    socket: process.env["CLAUDEMESH_SOCKET"] ?? "",
    user: homedir()
  })
  const cwd = process.cwd()
  const { caps, groups, pid, session: id, wanted } = facts
  const server: PipeServer = new PipeServer({
    version,
    name: wanted["name"] ?? cwd.split("/").at(-1) ?? "you",
    onHook: (call) => pipe.hook(call),
    hasChannel: facts.mayUse("channel")
  })
  const pipe: Pipe = new Pipe(
    {
      ...worldOf(facts, home, (message) => pipe.heard(message)),
      sayOnChannel: (text) => server.sayOnChannel(text)
    },
    {
      id,
      cwd,
      agent: "claude",
      pid,
      ...wanted,
      ...(groups.length > 0 && { groups }),
      ...(caps !== undefined && { caps })
    }
  )
  void pipe.start()
  await server.serve()
  process.exit(0)
}

function clientFacts(env: NodeJS.ProcessEnv): ClientFacts {
  const mayUse = carriersOf(env["CLAUDEMESH_CARRIERS"] ?? "")
  const socketPath = env["CLAUDE_CODE_MESSAGING_SOCKET"] ?? ""
  const token = env["CLAUDE_CODE_MESSAGING_TOKEN"] ?? ""
  return {
    session: env["CLAUDE_CODE_SESSION_ID"] ?? randomUUID(),
    pid: process.ppid,
    mayUse,
    inbox: socketPath === "" || token === "" || !mayUse("socket")
      ? undefined
      : { socketPath, token },
    wanted: Object.fromEntries(WANTED.flatMap(([field, setting]) => {
      const value = env[setting] ?? ""
      return value === "" ? [] : [[field, value]]
    })),
    groups: readGroups(env["CLAUDEMESH_SESSION_GROUPS"] ?? ""),
    caps: limitIn(env["CLAUDEMESH_SESSION_CAPS"] ?? "")
  }
}

function limitIn(setting: string): ReadonlyArray<string> | null | undefined {
  return setting === "" ? undefined : readCapabilities(setting)
}

/** `CLAUDEMESH_CARRIERS` names the carriers that may be used, with commas; a channel is used only if it is named. */
function carriersOf(setting: string): (carrier: Carrier) => boolean {
  const named = setting.split(",").map((name) => name.trim()).filter((name) => name !== "")
  return (carrier) => named.length === 0 ? carrier !== "channel" : named.includes(carrier)
}

function worldOf(facts: ClientFacts, home: HomeLocation, onMessage: (message: FromClient) => void) {
  return {
    ...daemonOf(home),
    mayUse: facts.mayUse,
    receive: receiving(waiterSocketOf(home.directory, facts.pid)),
    post: posting(facts, onMessage),
    reachInbox: reaching(facts),
    now: () => Date.now(),
    newId: () => randomUUID(),
    after: (millis: number, run: () => void) => {
      const timer = setTimeout(run, millis)
      return () => clearTimeout(timer)
    },
    say,
    readBytes: (path: string) => (from: number, length: number) => readPart(path, { from, length }),
    sizeOf: (path: string) => stat(path).then(({ size }) => size, () => 0)
  }
}

/** The daemon, spoken to for the session as soon as it has its token. */
function daemonOf(
  { socket }: HomeLocation
): Pick<PipeWorld, "ask" | "read" | "useToken" | "shareToken"> {
  let place: LocalPlace = { socketPath: socket }
  let tokenFile: string | undefined
  return {
    ask: (request) => ask(place, { ...request, timeoutMillis: ANSWER_MILLIS_MAX }),
    read: (path, reader) =>
      stream(place, { method: "GET", path, timeoutMillis: ANSWER_MILLIS_MAX }, reader),
    useToken: (file) => {
      const token = file === undefined ? undefined : readFileSync(file, "utf8").trim()
      place = { socketPath: socket, token }
      tokenFile = file
    },
    shareToken: (id) => {
      if (tokenFile === undefined || place.token === undefined) return
      const shared = `${dirname(tokenFile)}/${id}.token`
      if (shared === tokenFile) return
      writeFileSync(shared, place.token, { mode: 0o600 })
      process.on("exit", () => rmSync(shared, { force: true }))
    }
  }
}

/**
 * Posts to the client's inbox. The client takes posts only of one who can be told what becomes of them, at
 * a socket that lies beside its own.
 */
function posting(
  { inbox, pid }: ClientFacts,
  onMessage: (message: FromClient) => void
): CarrierWorld["post"] {
  if (inbox === undefined) return undefined
  const replyTo = `${dirname(inbox.socketPath)}/claudemesh-${pid}.sock`
  const listening = listen(replyTo, onMessage)
  // Whoever posts finds out.
  listening.catch(() => {})
  return async (post) => {
    await listening
    await postToClient(inbox, post, replyTo)
  }
}

function reaching({ inbox }: ClientFacts): CarrierWorld["reachInbox"] {
  return inbox === undefined ? undefined : () => reachClient(inbox)
}

function listen(path: string, onMessage: (message: FromClient) => void): Promise<void> {
  return listenAt(path, () => listenToClient(path, onMessage))
}

/** Lets in those who wait for the session; what did not work is tried again when it is asked for again. */
function receiving(path: string): PipeWorld["receive"] {
  let isListening = false
  return (room) => {
    if (isListening) return
    isListening = true
    listenAt(path, () => receiveWaiters(path, room)).catch(() => {
      isListening = false
    })
  }
}

/** A socket for its user alone, as long as this process lives. */
async function listenAt(path: string, begin: () => Promise<unknown>): Promise<void> {
  try {
    process.on("exit", await listenPrivately(path, begin))
  } catch (error) {
    say(`cannot listen at "${path}": ${String(error)}`)
    throw error
  }
}

/** The client keeps what is written there; what is written to stdout is the protocol's. */
function say(line: string): void {
  process.stderr.write(`claudemesh: ${line}\n`)
}

async function readPart(
  path: string,
  { from, length }: { readonly from: number; readonly length: number }
): Promise<Uint8Array> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(new Uint8Array(length), 0, length, from)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}
