import { type BrokerFrame, closeCodes } from "@claudemesh/protocol"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Function, Layer } from "effect"
import { TestClock } from "effect/testing"
import { BrokerLimits, defaultBrokerLimits } from "../broker_limits.ts"
import { type Attachment, Attachments } from "../gateway/attachments.ts"
import { type Admission, type AdmissionOutcome, LogStore } from "../store/log_store.ts"
import { StoreClock } from "../store/store_clock.ts"
import { StoreFailed } from "../store/store_failed.ts"
import { sampleAdmission, sampleDevice, sampleMesh } from "../store/testing/sample.ts"
import { Admissions } from "./admissions.ts"
import { CatchUp, type Reading } from "./catch_up.ts"
import { LogReader } from "./log_reader.ts"

type Answers = Effect.Effect<ReadonlyArray<AdmissionOutcome>, StoreFailed>

function admitAll(batch: ReadonlyArray<Admission>): Answers {
  return Effect.succeed(batch.map(() => ({ type: "admitted", placed: [] })))
}

/** The queue over a store that answers like that. */
function world(answers: (batch: ReadonlyArray<Admission>) => Answers = admitAll, perBatch = 200) {
  const batches: Array<ReadonlyArray<Admission>> = []
  const requested: Array<Reading> = []
  const store = Layer.mock(LogStore, {
    admit: (batch) => {
      batches.push(batch)
      return answers(batch)
    }
  })
  const clock = Layer.succeed(StoreClock, { now: () => 0, keep: Effect.void })
  const limits = { ...defaultBrokerLimits, admissionsPerBatch: perBatch }
  const catchUp = Layer.succeed(CatchUp, { request: (reading) => void requested.push(reading) })
  const layer = Admissions.layer.pipe(
    Layer.provideMerge(Attachments.layer),
    Layer.provide([catchUp, store, clock]),
    Layer.provide(Layer.succeed(BrokerLimits, limits))
  )
  return { batches, requested, layer }
}

function submitter() {
  const state = { isOpen: true, code: 0, refunded: 0, ended: "" }
  const answers: Array<BrokerFrame> = []
  const from = {
    isOpen: () => state.isOpen,
    send: (frame: BrokerFrame) => void answers.push(frame),
    close: (code: number) => {
      state.isOpen = false
      state.code = code
    },
    refund: (bytes: number) => void (state.refunded += bytes)
  }
  const attachment = { epoch: 7, end: (code: string) => void (state.ended = code) }
  return { from, attachment, answers, state }
}

function submissionOf(number: number, { attachment, from }: ReturnType<typeof submitter>) {
  const { header, text } = sampleAdmission(number)
  return { header, text, ref: number, frameBytes: 1_000, attachment, from }
}

/** The recipient of every sample, attached here, with nothing to read. */
const recipient = Effect.gen(function*() {
  const attachments = yield* Attachments
  const options = {
    after: 0,
    end: 0,
    push: Function.constVoid,
    isReady: () => true,
    now: () => 0,
    windowEntriesMax: 64
  }
  const attachment: Attachment = {
    mailbox: { mesh: sampleMesh("m"), device: sampleDevice("b") },
    epoch: 1,
    reader: new LogReader(options),
    isLive: () => true,
    send: Function.constVoid,
    end: Function.constVoid,
    toldUpto: 0
  }
  attachments.add(attachment)
  attachment.reader.take(attachment.reader.next, [])
  return attachment
})

/** Lets every fiber run until it waits. */
const settle = Effect.repeat(TestClock.adjust(0), { times: 4 })

function failing(): Answers {
  return Effect.fail(new StoreFailed({ fault: "full", reason: "planted" }))
}

describe("Admissions", () => {
  it.effect("takes what has arrived into one transaction, and answers in order", () => {
    const { batches, layer } = world()
    return Effect.gen(function*() {
      const { submit } = yield* Admissions
      const sender = submitter()
      for (const number of [1, 2, 3]) yield* submit(submissionOf(number, sender))
      yield* settle
      assert.deepStrictEqual(batches.map(({ length }) => length), [3])
      assert.deepStrictEqual(
        sender.answers.map((answer) => answer.type === "admitted" ? answer.ref : 0),
        [1, 2, 3]
      )
      assert.strictEqual(batches[0]?.[0]?.epoch, sender.attachment.epoch)
    }).pipe(Effect.provide(layer))
  })

  it.effect("lets one alone wait for nobody", () => {
    const { batches, layer } = world()
    return Effect.gen(function*() {
      const { submit } = yield* Admissions
      yield* submit(submissionOf(1, submitter()))
      yield* Effect.repeat(Effect.yieldNow, { times: 4 })
      assert.lengthOf(batches, 1)
    }).pipe(Effect.provide(layer))
  })

  it.effect("puts no more into a transaction than it may", () => {
    const { batches, layer } = world(admitAll, 2)
    return Effect.gen(function*() {
      const { submit } = yield* Admissions
      const sender = submitter()
      for (const number of [1, 2, 3, 4, 5]) yield* submit(submissionOf(number, sender))
      yield* settle
      assert.deepStrictEqual(batches.map(({ length }) => length), [2, 2, 1])
    }).pipe(Effect.provide(layer))
  })

  it.effect("leaves out a connection that has closed, whose sender sends again", () => {
    const { batches, layer } = world()
    return Effect.gen(function*() {
      const { submit } = yield* Admissions
      const [gone, here] = [submitter(), submitter()]
      yield* submit(submissionOf(1, gone))
      yield* submit(submissionOf(2, here))
      gone.state.isOpen = false
      yield* settle
      assert.deepStrictEqual(batches[0]?.map(({ header }) => header.to[0]?.sseq), [2])
    }).pipe(Effect.provide(layer))
  })

  it.effect("answers nothing and closes when the store fails, so that no order is broken", () => {
    const { layer } = world(failing)
    return Effect.gen(function*() {
      const { submit } = yield* Admissions
      const sender = submitter()
      yield* submit(submissionOf(1, sender))
      yield* settle
      assert.lengthOf(sender.answers, 0)
      assert.strictEqual(sender.state.code, closeCodes.overloaded)
    }).pipe(Effect.provide(layer))
  })

  it.effect("goes on after a batch whose admission was a defect", () => {
    let failures = 1
    const { layer } = world((batch) => failures-- > 0 ? Effect.die("planted") : admitAll(batch))
    return Effect.gen(function*() {
      const { submit } = yield* Admissions
      const [unlucky, later] = [submitter(), submitter()]
      yield* submit(submissionOf(1, unlucky))
      yield* settle
      yield* submit(submissionOf(2, later))
      yield* settle
      assert.isFalse(unlucky.state.isOpen)
      assert.deepStrictEqual(later.answers.map(({ type }) => type), ["admitted"])
    }).pipe(Effect.provide(layer))
  })

  it.effect("gives back what a repetition took of the rate, and nothing else", () => {
    const { layer } = world((batch) =>
      Effect.succeed(
        batch.map(({ header }) =>
          header.to[0]?.sseq === 1 ? { type: "repeated" } : { type: "admitted", placed: [] }
        )
      )
    )
    return Effect.gen(function*() {
      const { submit } = yield* Admissions
      const sender = submitter()
      for (const number of [1, 2]) yield* submit(submissionOf(number, sender))
      yield* settle
      assert.strictEqual(sender.state.refunded, 1_000)
      assert.deepStrictEqual(sender.answers.map(({ type }) => type), ["admitted", "admitted"])
    }).pipe(Effect.provide(layer))
  })

  it.effect("ends an attachment that is not the newest of its mailbox", () => {
    const { layer } = world((batch) => Effect.succeed(batch.map(() => ({ type: "fenced" }))))
    return Effect.gen(function*() {
      const { submit } = yield* Admissions
      const sender = submitter()
      yield* submit(submissionOf(1, sender))
      yield* settle
      assert.deepInclude(sender.answers[0], { type: "refused", code: "fenced" })
      assert.strictEqual(sender.state.ended, "replaced")
    }).pipe(Effect.provide(layer))
  })

  it.effect.each(
    [
      ["was admitted before, maybe elsewhere", () => Effect.succeed([{ type: "repeated" }])],
      ["may have been committed", failing]
    ] as ReadonlyArray<readonly [string, () => Answers]>
  )("has the recipient look in the store for what %s", ([_what, answers]) => {
    const { layer, requested } = world(answers)
    return Effect.gen(function*() {
      const { submit } = yield* Admissions
      const attached = yield* recipient
      assert.isFalse(attached.reader.isBehind)
      yield* submit(submissionOf(1, submitter()))
      yield* settle
      assert.isTrue(attached.reader.isBehind)
      assert.deepStrictEqual(requested, [attached])
    }).pipe(Effect.provide(layer))
  })
})
