/**
 * What is promised of every HTTP answer: it blames the client in the words of the error table, and never fails.
 *
 * @module
 */
import { type ErrorCode, Refused } from "@claudemesh/protocol"
import { Result, Schema } from "effect"
import type { HttpReply } from "../http_exchange.ts"

const decodeRefused = Schema.decodeUnknownResult(Schema.fromJsonString(Refused))

/** The status from which on a server takes the fault on itself. */
const SERVER_FAULT = 500

/** What is wrong with an answer, if something is; some codes tell truly of a fault that is not the client's. */
export function replyFlaw(
  reply: HttpReply,
  faults: ReadonlyArray<ErrorCode> = []
): string | undefined {
  if ("brokeOff" in reply) return `broke off: ${reply.brokeOff}`
  const { status, text } = reply
  // An answer to HEAD has no body.
  if (status < 400 || (text === "" && status < SERVER_FAULT)) return undefined
  const refusal = Result.getOrUndefined(decodeRefused(text))
  if (refusal === undefined) return `answered ${status}, and no refusal: ${text.slice(0, 200)}`
  if (status < SERVER_FAULT || faults.includes(refusal.code)) return undefined
  return `failed with ${status} ${refusal.code}: ${refusal.message.slice(0, 200)}`
}
