import type { EnvelopeDraft } from "@claudemesh/protocol"
import { makeMesh, memberOf, messageIdOf, sealBetween } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Queue } from "effect"
import { TestClock } from "effect/testing"
import { PER_DEVICE } from "../calls/call_budget.ts"
import { Calls } from "../calls/calls.ts"
import { identityOf } from "../testing/made_identity.ts"
import { layerReceiving, receive } from "../testing/receiving.ts"
import { dueRows } from "../testing/rows.ts"
import { Inbox } from "./inbox.ts"

const made = makeMesh("receive-calls", ["ada", "bob"])
const mesh = made.membership.mesh
const bob = identityOf(made, "bob")
const daemon = layerReceiving(made, "bob")

/** What ada's daemon says to bob's; its number is its id, and its place in their stream. */
function call(number: number, text = `{"method":"ping"}`, draft: Partial<EnvelopeDraft> = {}) {
  return sealBetween(made, { from: "ada", to: ["bob"], text }, {
    draft: {
      class: "rpc",
      id: messageIdOf(number),
      to: [{ device: bob.deviceId, sseq: number }],
      ...draft
    }
  })
}

/** The calls that are to be answered after what the test does. */
const asked = Effect.fnUntraced(function*<E, R>(doing: Effect.Effect<void, E, R>) {
  const calls = yield* Calls
  const questions = yield* calls.questions(mesh)
  yield* doing
  return (yield* Queue.clear(questions)).map(({ id }) => id)
}, Effect.scoped)

describe("makeStoreEntry, calls", () => {
  it.effect("hands a call on to be answered, and shows nobody anything of it", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* asked(receive(call(1))), [messageIdOf(1)])

      const inbox = yield* Inbox
      assert.lengthOf(yield* inbox.list({ mesh, unread: false, limit: 10 }), 0)
      assert.strictEqual(yield* inbox.unread({ mesh: undefined }), 0)
      assert.lengthOf(yield* inbox.byPrefix(messageIdOf(1)), 0)
      assert.lengthOf(yield* dueRows, 0)
    }).pipe(Effect.provide(daemon)))

  it.effect("answers no call that comes again, and none that is older than one that came", () =>
    Effect.gen(function*() {
      const first = call(1)
      yield* asked(receive(first, call(3)))

      assert.lengthOf(yield* asked(receive(first, call(2))), 0)
      assert.deepStrictEqual(yield* dueRows, [
        { id: messageIdOf(1), stage: "rejected", reason: "replayed" },
        { id: messageIdOf(2), stage: "rejected", reason: "replayed" }
      ])
    }).pipe(Effect.provide(daemon)))

  it.effect.each([
    { what: "a method that is not known", envelope: call(1, `{"method":"look_around"}`) },
    { what: "a class that is not known", envelope: call(1, "hello", { class: "post" }) }
  ])("says that it does not support $what", ({ envelope }) =>
    Effect.gen(function*() {
      assert.lengthOf(yield* asked(receive(envelope)), 0)
      assert.deepStrictEqual(yield* dueRows, [
        { id: messageIdOf(1), stage: "rejected", reason: "unsupported" }
      ])
    }).pipe(Effect.provide(daemon)))

  it.effect("has a verdict for what is no call", () =>
    Effect.gen(function*() {
      yield* asked(receive(call(1, "ping")))

      assert.deepStrictEqual(yield* dueRows, [
        { id: messageIdOf(1), stage: "rejected", reason: "malformed" }
      ])
    }).pipe(Effect.provide(daemon)))

  it.effect("answers so many at once, and so many a second: a flood gets verdicts", () =>
    Effect.gen(function*() {
      const flood = Array.from({ length: PER_DEVICE.burst + 3 }, (_, at) => call(at + 1))
      const answered = yield* asked(receive(...flood))

      assert.lengthOf(answered, PER_DEVICE.burst)
      assert.deepStrictEqual((yield* dueRows).map(({ reason }) => reason), [
        "rate_limited",
        "rate_limited",
        "rate_limited"
      ])

      yield* TestClock.adjust("1 second")
      const later = [101, 102, 103].map((number) => call(number))
      assert.lengthOf(yield* asked(receive(...later)), PER_DEVICE.perSecond)
    }).pipe(Effect.provide(daemon)))
})

describe("makeStoreEntry, answers to calls", () => {
  const ours = {
    id: messageIdOf(900),
    device: memberOf(made, "ada").device,
    commit: "A".repeat(43)
  }

  it.effect("ends the wait for the answer", () =>
    Effect.gen(function*() {
      const { expect } = yield* Calls
      const answer = yield* expect(ours)

      yield* receive(call(1, `{"answers":"${ours.id}"}`))

      yield* answer
      assert.lengthOf(yield* dueRows, 0)
    }).pipe(Effect.scoped, Effect.provide(daemon)))

  it.effect("minds no answer to what nobody asked, or of somebody else", () =>
    Effect.gen(function*() {
      const { expect } = yield* Calls
      const waiting = yield* Effect.forkScoped(
        Effect.flatten(expect({ ...ours, device: bob.deviceId }))
      )

      yield* receive(
        call(1, `{"answers":"${ours.id}"}`),
        call(2, `{"answers":"${messageIdOf(901)}"}`)
      )

      assert.isUndefined(waiting.pollUnsafe())
      assert.lengthOf(yield* dueRows, 0)
    }).pipe(Effect.scoped, Effect.provide(daemon)))
})
