/**
 * Stores one entry of a mailbox in the transaction that reads it, and notes what its sender is to be told.
 *
 * @module
 */
import {
  type Envelope,
  EnvelopeClass,
  type ErrorCode,
  type Opened,
  ReceiptsContent,
  type Verdict,
  verifyReceipt
} from "@claudemesh/protocol"
import { fromUtf8 } from "@claudemesh/protocol/crypto"
import { Clock, Effect, Result, Schema } from "effect"
import { Calls, type IncomingCall } from "../calls/calls.ts"
import type { Mesh } from "../meshes/meshes.ts"
import { Surfacing } from "../surfacing/surfacing.ts"
import { Delivery } from "../outbox/delivery.ts"
import type { Checked, Refusal } from "./check_entry.ts"
import { Inbox, type InboxRow } from "./inbox.ts"

/** What is to be acted upon once it is committed: a message that is new, a call or its answer. */
export type Arrival = { readonly row: InboxRow } | IncomingCall

const none: ReadonlyArray<Arrival> = []

/** Verdicts on what its sender has signed, and we could not read. */
const UNOPENED: ReadonlySet<Verdict> = new Set(["reseal", "undecryptable", "commit_mismatch"])

/** Nobody owes a receipt for receipts: what they said of our messages, those that are sent again find out. */
const makeAskAgain = Effect.gen(function*() {
  const delivery = yield* Delivery

  return Effect.fnUntraced(function*(mesh: Mesh, { envelope: { header }, verdict }: Refusal) {
    if (header.class !== "receipt" || !UNOPENED.has(verdict)) return
    yield* delivery.askAgain(mesh.id, header.from.device)
  })
})

/** Notes what the sender of an envelope is to be told: that it is in the inbox, or why it is not. */
const makeOwe = Effect.gen(function*() {
  const inbox = yield* Inbox

  return Effect.fnUntraced(function*({ header }: Envelope, reason?: ErrorCode) {
    const stage = reason === undefined ? "inboxed" as const : "rejected" as const
    const at = yield* Clock.currentTimeMillis
    const due = {
      mesh: header.mesh,
      sender: header.from.device,
      id: header.id,
      commit: header.commit,
      stage,
      at
    }
    // Nobody signs for receipts, so nobody is told of one that was refused.
    if (header.class === "receipt") return
    yield* inbox.owe(reason === undefined ? due : { ...due, reason })
  })
})

/** Moves what we have sent on, by what its recipient's device has signed. */
const makeStoreReceipts = Effect.gen(function*() {
  const delivery = yield* Delivery
  const calls = yield* Calls

  return Effect.fnUntraced(function*(mesh: Mesh, { content, sender }: Opened) {
    const decoded = decodeReceipts(fromUtf8(content))
    const receipts = Result.isSuccess(decoded) ? decoded.success.receipts : []
    const parties = { mesh: mesh.id, sender: mesh.identity.deviceId, recipient: sender.id }
    for (const receipt of receipts) {
      if (verifyReceipt(receipt, parties, sender.key)) {
        yield* delivery.applyReceipt(mesh.id, sender.id, receipt)
        yield* calls.rejected(sender.id, receipt)
      }
    }
    return none
  })
})

const isKnownClass = Schema.is(EnvelopeClass)

/** Stores what was opened, each class in its way. */
const makeStoreOpened = Effect.gen(function*() {
  const inbox = yield* Inbox
  const calls = yield* Calls
  const owe = yield* makeOwe
  const storeReceipts = yield* makeStoreReceipts
  const surfacing = yield* Surfacing
  const delivery = yield* Delivery

  /** That somebody answers is all there is to see of an answer: no receipt says so. */
  const noteAnswer = Effect.fnUntraced(function*({ meta, mesh, sender }: InboxRow) {
    if (meta.reply_to !== undefined) yield* delivery.answered({ mesh, id: meta.reply_to }, sender)
  })
  const storeMessage = Effect.fnUntraced(function*(opened: Opened) {
    const text = fromUtf8(opened.content)
    const put = text === undefined ? "malformed" as const : yield* inbox.put(opened, text)
    const isStored = typeof put !== "string"
    yield* owe(opened.envelope, isStored || put === "duplicate" ? undefined : put)
    if (!isStored) return none
    yield* surfacing.assign(put)
    yield* noteAnswer(put)
    return [{ row: put }]
  })
  const storeCall = Effect.fnUntraced(function*(opened: Opened) {
    const taken = yield* calls.take(opened)
    if (typeof taken !== "string") return [taken]
    yield* owe(opened.envelope, taken)
    return none
  })
  return Effect.fnUntraced(function*(mesh: Mesh, opened: Opened) {
    const { header } = opened.envelope
    if (!isKnownClass(header.class)) {
      yield* owe(opened.envelope, "unsupported")
      return none
    }
    switch (header.class) {
      case "dm":
        return yield* storeMessage(opened)
      case "rpc":
        return yield* storeCall(opened)
      case "receipt":
        return yield* storeReceipts(mesh, opened)
    }
  })
})

/** Stores one checked entry inside the transaction; answers with what is to be acted upon after it. */
export const makeStoreEntry = Effect.gen(function*() {
  const owe = yield* makeOwe
  const askAgain = yield* makeAskAgain
  const storeOpened = yield* makeStoreOpened

  return Effect.fnUntraced(function*(mesh: Mesh, entry: Checked) {
    if ("unreadable" in entry) return none
    if ("verdict" in entry) {
      if (!entry.isOfMember) return none
      yield* owe(entry.envelope, entry.verdict)
      yield* askAgain(mesh, entry)
      return none
    }
    return yield* storeOpened(mesh, entry.opened)
  })
})

const decodeReceipts = Schema.decodeUnknownResult(ReceiptsContent)
