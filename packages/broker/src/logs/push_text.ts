/**
 * The text of a push: the envelope goes out as it was stored, without being read or written again.
 *
 * @module
 */
import { limits, type LogId } from "@claudemesh/protocol"
import type { Entry } from "../store/log_store.ts"

/** Room for what stands around the envelope, so that whatever was admitted can be pushed. */
const PUSH_MARGIN_BYTES = 256

/** The largest envelope that still fits a push. An envelope is ASCII, so characters are bytes. */
export const ENVELOPE_BYTES_MAX = limits.frameBytesMax - PUSH_MARGIN_BYTES

/** A `push` frame; ids and numbers need no escaping. */
export function pushText(
  { epoch, log }: { readonly log: LogId; readonly epoch: number },
  { seq, text }: Pick<Entry, "seq" | "text">
): string {
  return `{"type":"push","log":"${log}","epoch":${epoch},"seq":${seq},"envelope":${text}}`
}
