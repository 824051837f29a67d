import { type BrokerFrame, closeCodes } from "@claudemesh/protocol"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { BrokerLimits, defaultBrokerLimits } from "../broker_limits.ts"
import { Attachments } from "../gateway/attachments.ts"
import { type Admission, LogStore } from "../store/log_store.ts"
import { StoreClock } from "../store/store_clock.ts"
import { StoreFailed } from "../store/store_failed.ts"
import { sampleAdmission } from "../store/testing/sample.ts"
import { Admissions } from "./admissions.ts"
import { CatchUp } from "./catch_up.ts"

function world({ isFailing = false, perBatch = 200 } = {}) {
  const batches: Array<ReadonlyArray<Admission>> = []
  const store = Layer.mock(LogStore, {
    admit: (batch) => {
      batches.push(batch)
      return isFailing
        ? new StoreFailed({ fault: "full", reason: "planted" })
        : Effect.succeed(batch.map(() => ({ type: "admitted", placed: [] }) as const))
    }
  })
  const clock = Layer.succeed(StoreClock, { now: () => 0, keep: Effect.void })
  const limits = { ...defaultBrokerLimits, admissionsPerBatch: perBatch }
  const layer = Admissions.layer.pipe(
    Layer.provide([Attachments.layer, Layer.succeed(CatchUp, { request: () => {} }), store, clock]),
    Layer.provide(Layer.succeed(BrokerLimits, limits))
  )
  return { batches, layer }
}

function submitter() {
  const state = { isOpen: true, code: 0 }
  const answers: Array<BrokerFrame> = []
  const from = {
    isOpen: () => state.isOpen,
    send: (frame: BrokerFrame) => void answers.push(frame),
    close: (code: number) => {
      state.isOpen = false
      state.code = code
    }
  }
  return { from, answers, state }
}

function submissionOf(number: number, from: ReturnType<typeof submitter>["from"]) {
  const { header, text } = sampleAdmission(number)
  return { header, text, ref: number, from }
}

/** Lets every fiber run until it waits. */
const settle = Effect.repeat(TestClock.adjust(0), { times: 4 })

describe("Admissions", () => {
  it.effect("takes what has arrived into one transaction, and answers in order", () => {
    const { batches, layer } = world()
    return Effect.gen(function*() {
      const { submit } = yield* Admissions
      const { answers, from } = submitter()
      for (const number of [1, 2, 3]) yield* submit(submissionOf(number, from))
      yield* settle
      assert.deepStrictEqual(batches.map(({ length }) => length), [3])
      assert.deepStrictEqual(
        answers.map((answer) => answer.type === "admitted" ? answer.ref : 0),
        [1, 2, 3]
      )
    }).pipe(Effect.provide(layer))
  })

  it.effect("puts no more into a transaction than it may", () => {
    const { batches, layer } = world({ perBatch: 2 })
    return Effect.gen(function*() {
      const { submit } = yield* Admissions
      const { from } = submitter()
      for (const number of [1, 2, 3, 4, 5]) yield* submit(submissionOf(number, from))
      yield* settle
      assert.deepStrictEqual(batches.map(({ length }) => length), [2, 2, 1])
    }).pipe(Effect.provide(layer))
  })

  it.effect("leaves out a connection that has closed, whose sender sends again", () => {
    const { batches, layer } = world()
    return Effect.gen(function*() {
      const { submit } = yield* Admissions
      const [gone, here] = [submitter(), submitter()]
      yield* submit(submissionOf(1, gone.from))
      yield* submit(submissionOf(2, here.from))
      gone.state.isOpen = false
      yield* settle
      assert.deepStrictEqual(batches[0]?.map(({ header }) => header.to[0]?.sseq), [2])
    }).pipe(Effect.provide(layer))
  })

  it.effect("answers nothing and closes when the store fails, so that no order is broken", () => {
    const { layer } = world({ isFailing: true })
    return Effect.gen(function*() {
      const { submit } = yield* Admissions
      const { answers, from, state } = submitter()
      yield* submit(submissionOf(1, from))
      yield* settle
      assert.lengthOf(answers, 0)
      assert.strictEqual(state.code, closeCodes.overloaded)
    }).pipe(Effect.provide(layer))
  })
})
