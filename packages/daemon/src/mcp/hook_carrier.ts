/**
 * The carrier of what hooks return: it cannot wake anybody, and it works in every version of the client.
 *
 * It takes what no other carrier was given, and what another one was given and the client had a chance to
 * take. A post that is still on its way is not doubled.
 *
 * @module
 */
import { peerTexts, type SizeMax } from "../carriers/peer_text_batch.ts"
import type { CarrierParts, Moment, SessionCarrier } from "./carrier.ts"
import type { ShownMessage } from "./shown_message.ts"

/** What a hook of the client may return. */
const HOOK_SIZE: SizeMax = { max: 10_000, unit: "characters" }

/** Gives when the client asks. */
export class HookCarrier implements SessionCarrier {
  readonly name = "hook"
  readonly canWake = false
  readonly isOpen = true
  readonly #parts: CarrierParts

  constructor(parts: CarrierParts) {
    this.#parts = parts
  }

  handOver(moment: Moment): string | undefined {
    const { desk } = this.#parts
    const due = desk.open.filter((shown) => isDue(shown, moment))
    if (due.length === 0) return undefined
    const { ids, text } = peerTexts(due.map((shown) => desk.peerMessage(shown)), HOOK_SIZE)
    desk.surface(due.filter(({ message }) => ids.includes(message.id)), this.name)
    return ids.length === 0 ? undefined : text
  }
}

/** What is posted may stand in the client's queue right behind the words of the human that it takes now. */
function isDue({ missed, progress }: ShownMessage, moment: Moment): boolean {
  return progress === "waiting" || (missed > 0 && moment !== "queued")
}
