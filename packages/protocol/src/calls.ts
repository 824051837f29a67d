/**
 * Calls: what one daemon asks another, and the answer. They travel as the content of `rpc` envelopes.
 *
 * Nobody sees them: the daemon answers by itself. A call is over when its
 * envelope expires, and nothing of it is kept. A method that the other side
 * does not know, it answers with the verdict `unsupported`.
 *
 * @module
 */
import { Schema } from "effect"
import { MessageId } from "./ids.ts"

/** What can be asked: a sign of life. */
export const CallMethod = Schema.Literals(["ping"])
export type CallMethod = typeof CallMethod.Type

/** A method as it comes from a peer, who may be of a later version and know more of them. */
const MethodText = Schema.String.check(
  Schema.isPattern(/^[a-z][a-z_]{0,39}$/, { expected: "a method" })
)

/** Asks something of the device it is for. */
export const Call = Schema.Struct({ method: MethodText })
export type Call = typeof Call.Type

/** Answers the call of that id. */
export const CallAnswer = Schema.Struct({ answers: MessageId })
export type CallAnswer = typeof CallAnswer.Type

/** The content of an `rpc` envelope. Later versions add fields; unknown ones are ignored. */
export const CallContent = Schema.fromJsonString(Schema.Union([Call, CallAnswer]))

/** Whether this version can answer a call of that method. */
export const isCallMethod: (text: string) => text is CallMethod = Schema.is(CallMethod)
