/**
 * Shows what the outbox holds: how far each message is, and why it is no further.
 *
 * @module
 */
import { knownCode } from "@claudemesh/protocol"
import type { Link, OutboxEntry, SentMessage, WaitsFor } from "@claudemesh/protocol/local_api"
import { Clock, Effect, Option } from "effect"
import { LinkStates } from "../broker_link/link_states.ts"
import { type MessageKey, Outbox, type Outgoing } from "../outbox/outbox.ts"
import { isCancellable } from "../outbox/withdrawals.ts"
import { Views } from "./views.ts"

/** Shows rows of the outbox as the local API says them. */
export const makeOutboxEntries = Effect.gen(function*() {
  const outbox = yield* Outbox
  const links = yield* LinkStates
  const views = yield* Views

  const entry = Effect.fnUntraced(function*(key: MessageKey) {
    const found = yield* Effect.all([outbox.find(key), views.sent(key)])
    const both = Option.all(found)
    if (Option.isNone(both)) return Option.none<OutboxEntry>()
    const [message, sent] = both.value
    const link = yield* links.get(message.mesh)
    const behind = message.state === "pending"
      ? Option.getOrUndefined(yield* outbox.goingFirst(message))
      : undefined
    const now = yield* Clock.currentTimeMillis
    return Option.some(entryOf(message, { sent, link, behind, now }))
  })
  return { entry }
})

/** What is said of a message beside its row. */
interface Beside {
  readonly sent: SentMessage
  readonly link: Link
  /** The message that goes first. */
  readonly behind: MessageKey["id"] | undefined
  readonly now: number
}

function entryOf(message: Outgoing, beside: Beside): OutboxEntry {
  const { behind, link, now, sent } = beside
  const { attempt, lastError, notBefore, reason, state, tries } = message
  const waitsFor = whatFor(message, beside)
  return {
    ...sent,
    outbox_state: state,
    attempts: attempt + tries,
    cancellable: isCancellable(message),
    link,
    ...(reason === null ? {} : { reason: knownCode(reason) }),
    ...(waitsFor === undefined ? {} : { waits_for: waitsFor }),
    ...(behind === undefined ? {} : { behind }),
    ...(lastError === null ? {} : { last_error: knownCode(lastError) }),
    ...(state === "pending" && notBefore > now ? { next_attempt_at: notBefore } : {})
  }
}

/** Of several things that are in its way, the one that is furthest from its end. */
function whatFor(
  { notBefore, state }: Outgoing,
  { behind, link, now }: Beside
): WaitsFor | undefined {
  if (state === "admitted") return "recipient"
  if (state !== "pending" && state !== "sending") return undefined
  if (link.state !== "attached") return "link"
  if (state === "sending") return "broker"
  if (behind !== undefined) return "earlier"
  return notBefore > now ? "retry" : "turn"
}
