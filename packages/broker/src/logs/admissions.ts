/**
 * Admits envelopes: one queue for all connections, drained in batches, one transaction each.
 *
 * What came in first is admitted first, so a sender's order is kept. Nobody is
 * told `admitted` before the commit, and a recipient who is attached is pushed
 * the entry from memory right after it. When the queue is full, `submit` waits:
 * its connection then reads no further, which slows the sender down without
 * refusing anything. When the store fails, the senders' connections are closed
 * rather than refused, because they send again in order when they are back.
 *
 * @module
 */
import { type BrokerFrame, closeCodes, type EnvelopeHeader } from "@claudemesh/protocol"
import { Context, Effect, Layer, Queue } from "effect"
import { BrokerLimits } from "../broker_limits.ts"
import { Attachments } from "../gateway/attachments.ts"
import { type AdmissionOutcome, LogStore } from "../store/log_store.ts"
import { StoreClock } from "../store/store_clock.ts"
import type { StoreFailed } from "../store/store_failed.ts"
import { CatchUp } from "./catch_up.ts"
import { refusalOf } from "./admission_refusals.ts"

/** Who submits: a connection. */
export interface Submitter {
  readonly isOpen: () => boolean
  readonly send: (frame: BrokerFrame) => void
  readonly close: (code: number, reason: string) => void
}

/** One envelope on its way; `text` is its JSON. */
export interface Submission {
  readonly header: EnvelopeHeader
  readonly text: string
  readonly ref: number
  readonly from: Submitter
}

export class Admissions extends Context.Service<Admissions, {
  /** Queues an envelope, and waits while the queue is full. Its answer goes to the submitter. */
  readonly submit: (submission: Submission) => Effect.Effect<void>
}>()("@claudemesh/broker/logs/admissions") {
  static readonly layer = Layer.effect(Admissions, Effect.suspend(() => make))
}

const make = Effect.gen(function*() {
  const clock = yield* StoreClock
  const store = yield* LogStore
  const attachments = yield* Attachments
  const catchUp = yield* CatchUp
  const { admissionsPerBatch, admissionsQueued } = yield* BrokerLimits
  const queue = yield* Queue.bounded<Submission>(admissionsQueued)

  function deliver(
    { header: { mesh, ttl }, text }: Submission,
    outcome: AdmissionOutcome,
    now: number
  ) {
    if (outcome.type !== "admitted") return
    for (const { device, seq } of outcome.placed) {
      const attachment = attachments.get(mesh, device)
      if (attachment === undefined) continue
      attachment.reader.offer({ seq, text, expiresAt: now + ttl })
      catchUp.request(attachment)
    }
  }

  const admit = Effect.fnUntraced(function*(submissions: ReadonlyArray<Submission>) {
    // One whose connection is closed sends again, after what it sent before: admitting it now could turn the order.
    const batch = submissions.filter(({ from }) => from.isOpen())
    if (batch.length === 0) return
    const now = clock.now()
    const outcomes = yield* store.admit(batch.map(({ header, text }) => ({ header, text, now })))
    for (const [at, submission] of batch.entries()) {
      const outcome = outcomes[at]
      if (outcome === undefined) continue
      answer(submission, outcome)
      deliver(submission, outcome, now)
    }
  })

  yield* Queue.take(queue).pipe(
    // Whatever has arrived by the next turn of the event loop goes into the same transaction.
    Effect.tap(Effect.yieldNow),
    Effect.flatMap(Effect.fnUntraced(function*(first) {
      const rest = Queue.sizeUnsafe(queue) === 0
        ? []
        : yield* Queue.takeBetween(queue, 1, admissionsPerBatch - 1)
      const batch = [first, ...rest]
      yield* Effect.catch(admit(batch), giveUp(batch))
    })),
    Effect.forever,
    Effect.forkScoped
  )

  return Admissions.of({ submit: (submission) => Effect.asVoid(Queue.offer(queue, submission)) })
})

function answer({ from, header: { id }, ref }: Submission, outcome: AdmissionOutcome): void {
  const refusal = refusalOf(outcome, id)
  from.send(
    refusal === undefined
      ? { type: "admitted", ref, id }
      : { type: "refused", ref, id, ...refusal }
  )
}

/** Nothing of the batch is in the log. */
function giveUp(batch: ReadonlyArray<Submission>) {
  return Effect.fnUntraced(function*(error: StoreFailed) {
    for (const { from } of batch) from.close(closeCodes.overloaded, "the store failed")
    yield* Effect.logError("Cannot admit messages; they will be sent again", error.message)
  })
}
