/**
 * Keeps from agents what waits for their user, and what their user has dropped.
 *
 * The user sees everything: whoever brings no session's token.
 *
 * @module
 */
import { type Refused, refused } from "@claudemesh/protocol"
import {
  Caller,
  type HeldMessage,
  type LocalEvent,
  type ReceivedMessage
} from "@claudemesh/protocol/local_api"
import { Effect, Option } from "effect"
import type { InboxKey } from "../inbox/inbox_row.ts"
import { Surfacing } from "../surfacing/surfacing.ts"
import type { Withheld } from "../surfacing/withheld.ts"

/** Whether an agent asks, and not the user. */
export const isAgent = Effect.map(Caller, ({ session }) => Option.isSome(session))

/** What decides it message by message. */
export const makeAgentSight = Effect.gen(function*() {
  const { withheld } = yield* Surfacing

  /** Refuses an agent that asks for a message which is kept from agents. */
  const letSee = Effect.fn("letSee")(function*(key: InboxKey) {
    if (!(yield* isAgent)) return
    const why = yield* withheld(key)
    if (why !== undefined) return yield* kept(key, why)
  })
  /** Whether an agent may be told that event: all but what has arrived and is kept from agents. */
  const mayHear = Effect.fnUntraced(function*(event: LocalEvent) {
    if (event.type !== "received") return true
    const { from_device_id: sender, id, mesh } = event.message
    return (yield* withheld({ mesh, sender, id })) === undefined
  })
  return { letSee, mayHear }
})

/** A message that waits, with its sender and without anything that its sender chose to say. */
export function withoutWords(
  { from_session: _session, subject: _subject, ...message }: ReceivedMessage
): Pick<HeldMessage, "message" | "withheld"> {
  return { message: { ...message, text: "" }, withheld: true }
}

const WHY = {
  held: "it waits for the user, who decides with claudemesh held list",
  dropped: "the user has dropped it, and reads it without an agent"
} as const satisfies Record<Withheld, string>

function kept({ id }: InboxKey, why: Withheld): Refused {
  return refused("message_held", `Cannot show message "${id}" to an agent: ${WHY[why]}`)
}
