/**
 * Asks the daemon on behalf of a hot verb: within a time that no turn of an agent notices, or not at all.
 *
 * @module
 */
import { ask, type HomeLocation } from "@claudemesh/daemon/thin"
import { asMembers, type Members } from "./input.ts"
import { socketAt } from "./own_socket.ts"

/** All that a verb may ask takes no longer than that, together. */
const BUDGET_MILLIS = 120

/** What is said of it, to nobody but us. */
const NO_ANSWER = "the daemon does not answer"

/** The daemon, as far as it answers; whatever stands in the way is no answer. */
export interface HotDaemon {
  readonly get: (path: string) => Promise<Members>
  readonly post: (path: string) => Promise<void>
}

/** The daemon that listens there. */
export function hotDaemon({ socket }: HomeLocation): HotDaemon {
  const signal = AbortSignal.timeout(BUDGET_MILLIS)
  async function request(method: "GET" | "POST", path: string): Promise<Members> {
    if (socketAt(socket) !== "ours" || signal.aborted) throw new Error(NO_ANSWER)
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

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(new Error(NO_ANSWER)), { once: true })
  })
}
