/**
 * Says from where a mailbox is read for a device that attaches.
 *
 * What the device has counts only if it counts in this store's numbers. A store
 * that went back in time can have kept its name and given its numbers anew; so
 * a device names an entry that it has, and where another one is, or none any
 * more, everything is read again. The device tells by ids what is new to it.
 *
 * @module
 */
import type { Attach, Have } from "@claudemesh/protocol"
import { Effect, Predicate } from "effect"
import { type AttachedMailbox, LogStore } from "../store/log_store.ts"
import { StoreIdentity } from "../store/store_identity.ts"
import { toRefused } from "../store/store_refusal.ts"

/** Needs the logs and the name of their store. */
export const makeReadingStart = Effect.gen(function*() {
  const store = yield* LogStore
  const identity = yield* StoreIdentity

  const holds = Effect.fnUntraced(function*(frame: Attach, last: NonNullable<Have["last"]>) {
    const page = yield* Effect.mapError(store.read(frame, last.seq - 1, 1), toRefused)
    return page.some(({ seq, text }) => seq === last.seq && messageIn(text) === last.id)
  })

  /** The number after which to read. */
  return Effect.fnUntraced(function*(frame: Attach, { end }: AttachedMailbox) {
    const { last, store_epoch, upto } = frame.have
    if (store_epoch !== identity.epoch || upto > end) return 0
    return last === undefined || (yield* holds(frame, last)) ? upto : 0
  })
})

/** The id of the message in an entry. */
function messageIn(text: string): unknown {
  const envelope: unknown = JSON.parse(text)
  const header = Predicate.hasProperty(envelope, "header") ? envelope.header : undefined
  return Predicate.hasProperty(header, "id") ? header.id : undefined
}
