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
 * A batch is whatever has arrived when the one before is committed, so one
 * envelope alone waits for nobody, and under load a batch is full: to wait for
 * more made batches no larger and every answer later, when it was measured.
 *
 * @module
 */
import { type BrokerFrame, closeCodes, type EnvelopeHeader } from "@claudemesh/protocol"
import { Context, Effect, Layer, Queue } from "effect"
import { BrokerLimits } from "../broker_limits.ts"
import { type Attachment, Attachments } from "../gateway/attachments.ts"
import { makeOutageReport } from "../outage_report.ts"
import { type Admission, type AdmissionOutcome, LogStore } from "../store/log_store.ts"
import { StoreClock } from "../store/store_clock.ts"
import { CatchUp } from "./catch_up.ts"
import { refusalOf } from "./admission_refusals.ts"

/** Who submits: a connection. */
export interface Submitter {
  readonly isOpen: () => boolean
  readonly send: (frame: BrokerFrame) => void
  readonly close: (code: number, reason: string) => void
  /** Gives back what a frame has taken of its rate. */
  readonly refund: (bytes: number) => void
}

/** One envelope on its way; `text` is its JSON. */
export interface Submission {
  readonly header: EnvelopeHeader
  readonly text: string
  readonly ref: number
  /** Of the frame that it came in. */
  readonly frameBytes: number
  /** The attachment that it came by. */
  readonly attachment: Pick<Attachment, "epoch" | "end">
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
  const report = makeOutageReport("Cannot admit messages, which will be sent again")

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

  /** Whoever it is for may lack it: it is in the log, but was not admitted here and now. */
  function recheck({ header: { mesh, to } }: Submission) {
    for (const { device } of to) {
      const attachment = attachments.get(mesh, device)
      if (attachment === undefined) continue
      attachment.reader.doubtEnd()
      catchUp.request(attachment)
    }
  }

  /** Nobody knows whether the batch is in the logs: the senders find out by sending it again. */
  function giveUp(batch: ReadonlyArray<Submission>) {
    for (const { from } of batch) from.close(closeCodes.overloaded, "the store failed")
    batch.forEach(recheck)
  }

  const admit = Effect.fnUntraced(function*(submissions: ReadonlyArray<Submission>) {
    // One whose connection is closed sends again, after what it sent before: admitting it now could turn the order.
    const batch = submissions.filter(({ from }) => from.isOpen())
    if (batch.length === 0) return
    const now = clock.now()
    const outcomes = yield* store.admit(batch.map((submission) => admissionOf(submission, now)))
    for (const [at, submission] of batch.entries()) {
      const outcome = outcomes[at]
      if (outcome === undefined) continue
      answer(submission, outcome)
      deliver(submission, outcome, now)
      if (outcome.type === "repeated") recheck(submission)
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
      if (!(yield* report(admit(batch)))) giveUp(batch)
    })),
    Effect.forever,
    Effect.forkScoped
  )

  return Admissions.of({ submit: (submission) => Effect.asVoid(Queue.offer(queue, submission)) })
})

function admissionOf({ attachment: { epoch }, header, text }: Submission, now: number): Admission {
  return { header, text, epoch, now }
}

function answer(submission: Submission, outcome: AdmissionOutcome): void {
  const { attachment, frameBytes, from, header: { id }, ref } = submission
  const refusal = refusalOf(outcome, id)
  from.send(
    refusal === undefined
      ? { type: "admitted", ref, id }
      : { type: "refused", ref, id, ...refusal }
  )
  if (outcome.type === "repeated") from.refund(frameBytes)
  if (outcome.type === "fenced") attachment.end("replaced")
}
