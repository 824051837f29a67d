/**
 * Waits for what a session is to be shown, as a process whose words the client hands to its model: a hook that
 * wakes the agent by its end, or a monitor whose lines the client reads.
 *
 * The session's push pipe says whether there is anything to wait for. It may start a little later than this.
 *
 * @module
 */
import { waitAt, type WaiterKind, waiterSocketOf } from "@claudemesh/daemon/thin"
import { socketAt } from "./own_socket.ts"

/** How long the push pipe may take to be there, and how often it is looked for. */
const PIPE_MILLIS_MAX = 10_000
const LOOK_MILLIS = 250

/** The client takes what a hook says when it ends so, and wakes its agent with it. */
const WAKE = 2

/** Who waits, and for which client. */
export interface Wait {
  /** Whether its session has just begun, so that the push pipe may still be on its way. */
  readonly isFirst: boolean
  readonly kind: WaiterKind
  readonly home: string
  readonly clientPid: number
  readonly write: (place: "stdout" | "stderr", text: string) => void
}

/** Waits until it is not needed any more; answers with what the process ends. */
export async function wait({ clientPid, home, isFirst, kind, write }: Wait): Promise<number> {
  const path = waiterSocketOf(home, clientPid)
  let code = 0
  function take(text: string) {
    write(kind === "rewake" ? "stderr" : "stdout", `${text}\n`)
    if (kind === "rewake") code = WAKE
  }
  const patience = isFirst ? PIPE_MILLIS_MAX : LOOK_MILLIS
  for (let waited = 0; waited < patience; waited += LOOK_MILLIS) {
    const found = socketAt(path)
    if (found === "foreign") return code
    // oxlint-disable-next-line no-await-in-loop -- one look after the other
    if (found === "ours" && await waitAt(path, kind, take)) return code
    // oxlint-disable-next-line no-await-in-loop -- one look after the other
    await new Promise((resolve) => setTimeout(resolve, LOOK_MILLIS))
  }
  return code
}
