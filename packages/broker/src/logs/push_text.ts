/**
 * The text of a push: the envelope goes out as it was stored, without being read or written again.
 *
 * @module
 */
import type { LogId } from "@claudemesh/protocol"
import type { Entry } from "../store/log_store.ts"

/** A `push` frame; ids and numbers need no escaping. */
export function pushText(
  { epoch, log }: { readonly log: LogId; readonly epoch: number },
  { seq, text }: Pick<Entry, "seq" | "text">
): string {
  return `{"type":"push","log":"${log}","epoch":${epoch},"seq":${seq},"envelope":${text}}`
}
