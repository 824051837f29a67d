/**
 * Carries on what the agent answers by its client's own means, as answers in the mesh.
 *
 * The client knows no sender but the pipe. So an answer is one to the message that surfaced last in the
 * session: it names that message, and thereby the session that asked.
 *
 * @module
 */
import type { ReceivedMessage, SendMessage } from "@claudemesh/protocol/local_api"
import type { DaemonRequest } from "./daemon_link.ts"

/** So many may wait for the daemon. */
const REPLIES_MAX = 100

/** Keeps answers until the daemon has them. */
export class NativeReplies {
  readonly #requests: Array<DaemonRequest> = []

  /** Takes an answer; says why where it cannot be carried on. `key` makes it one, however often it is sent. */
  add(
    text: string,
    { asked, key }: { readonly asked: ReceivedMessage | undefined; readonly key: string }
  ): string | undefined {
    if (asked === undefined) return "no message was shown that it could answer"
    if (this.#requests.length >= REPLIES_MAX) return `${REPLIES_MAX} wait for the daemon already`
    const { from, id, mesh } = asked
    const body: SendMessage = { mesh, to: from, reply_to: id, text }
    this.#requests.push({ method: "POST", path: "/v1/messages", body, key })
    return undefined
  }

  next(): DaemonRequest | undefined {
    return this.#requests[0]
  }

  /** It was taken, or refused. */
  done(): void {
    this.#requests.shift()
  }
}
