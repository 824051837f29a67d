/**
 * Waits for the messages that have surfaced to stand in the transcript ahead of a turn of the assistant.
 *
 * What stands in one file is borne out by a turn in the same file: after `/clear` the agent goes on in
 * another, and has nothing before it of what the first one holds.
 *
 * @module
 */
import type { Carrier, MessageId } from "@claudemesh/protocol"
import type { Evidence, InboxKey } from "@claudemesh/protocol/local_api"
import { messageIdsIn } from "../carriers/peer_text_evidence.ts"
import { nameOfKey } from "./shown_message.ts"
import type { Seen } from "./transcript.ts"

/** A message that surfaced. */
interface Awaited {
  readonly message: InboxKey
  readonly carrier: Carrier
  readonly since: number
  /** The file that it stands in already. */
  readonly writtenIn: string | undefined
}

/** A transcript lags by seconds; what does not show in it for so long never will. */
const AWAITED_MILLIS_MAX = 600_000

/** So many are awaited; the oldest make room. */
const AWAITED_MAX = 1_000

/** Follows what surfaced until the transcript bears it out. */
export class Witness {
  readonly #awaited = new Map<string, Awaited>()

  /** Whether there is anything to look for. */
  get isWaiting(): boolean {
    return this.#awaited.size > 0
  }

  /** Takes note of what surfaced; anything else that was seen is no matter of the transcript's. */
  expect(evidence: ReadonlyArray<Evidence>, now: number): void {
    for (const one of evidence) {
      if (one.stage !== "surfaced") continue
      const { carrier, message } = one
      this.#awaited.set(nameOfKey(message), { message, carrier, since: now, writtenIn: undefined })
    }
    const surplus = [...this.#awaited.keys()].slice(0, -AWAITED_MAX)
    for (const name of surplus) this.#awaited.delete(name)
  }

  /** Gives up what has been awaited for too long. */
  giveUp(now: number): void {
    for (const [name, { since }] of this.#awaited) {
      if (now - since >= AWAITED_MILLIS_MAX) this.#awaited.delete(name)
    }
  }

  /** What a transcript shows, in its order; answers with what the model had before it. */
  look(file: string, seen: ReadonlyArray<Seen>): ReadonlyArray<Evidence> {
    return seen.flatMap((one) => {
      if (one.type === "assistant") return this.#answered(file)
      this.#written(file, one.text)
      return []
    })
  }

  #written(file: string, text: string): void {
    const first = this.#firstOfEachId()
    for (const id of messageIdsIn(text, new Set(first.keys()))) {
      const awaited = first.get(id)
      if (awaited === undefined) continue
      this.#awaited.set(nameOfKey(awaited.message), { ...awaited, writtenIn: file })
    }
  }

  /** Of two senders that used the same id, the text of the first comes first. */
  #firstOfEachId(): ReadonlyMap<MessageId, Awaited> {
    const first = new Map<MessageId, Awaited>()
    for (const awaited of this.#awaited.values()) {
      const { id } = awaited.message
      if (awaited.writtenIn === undefined && !first.has(id)) first.set(id, awaited)
    }
    return first
  }

  #answered(file: string): ReadonlyArray<Evidence> {
    const written = [...this.#awaited].filter(([, { writtenIn }]) => writtenIn === file)
    for (const [name] of written) this.#awaited.delete(name)
    return written.map(([, { carrier, message }]) => ({ message, stage: "in_context", carrier }))
  }
}
