/**
 * Asks the daemon on behalf of a hot verb: within a time that no turn of an agent notices, or not at all.
 *
 * @module
 */
import { ask, type HomeLocation } from "@claudemesh/daemon/thin"
import { asMembers, type Members } from "./input.ts"

/** All that a verb may ask takes no longer than that, together. */
const BUDGET_MILLIS = 120

/** What is said of it, to nobody but us. */
const NO_ANSWER = "the daemon does not answer"

/** Permission bits that let others put a socket in place of ours. */
const WRITABLE_BY_OTHERS = 0o022

/** The daemon, as far as it answers; whatever stands in the way is no answer. */
export interface HotDaemon {
  readonly get: (path: string) => Promise<Members>
  readonly post: (path: string) => Promise<void>
}

/** The daemon that listens there. */
export function hotDaemon({ socket }: HomeLocation): HotDaemon {
  const signal = AbortSignal.timeout(BUDGET_MILLIS)
  async function request(method: "GET" | "POST", path: string): Promise<Members> {
    if (!isOurs(socket) || signal.aborted) throw new Error(NO_ANSWER)
    const body = method === "POST" ? {} : undefined
    const { json, status } = await Promise.race([
      ask({ socketPath: socket }, { method, path, body, timeoutMillis: BUDGET_MILLIS }),
      aborted(signal)
    ])
    if (status !== 200) throw new Error(NO_ANSWER)
    return asMembers(json)
  }
  return {
    get: (path) => request("GET", path),
    post: async (path) => {
      await request("POST", path)
    }
  }
}

/** Whether a socket of ours is there, in a directory where nobody else could have put one. */
function isOurs(socket: string): boolean {
  const { lstatSync } = process.getBuiltinModule("node:fs")
  const uid = process.geteuid?.()
  const around = lstatSync(socket.slice(0, socket.lastIndexOf("/")) || "/")
  const itself = lstatSync(socket)
  const isOwn = uid === undefined || (around.uid === uid && itself.uid === uid)
  return isOwn && itself.isSocket() && around.isDirectory() &&
    (around.mode & WRITABLE_BY_OTHERS) === 0
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(new Error(NO_ANSWER)), { once: true })
  })
}
