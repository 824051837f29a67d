import { type ErrorCode, openEnvelope, type Refused, refused } from "@claudemesh/protocol"
import { fromUtf8 } from "@claudemesh/protocol/crypto"
import {
  appended,
  layerSeededRandom,
  makeMesh,
  memberOf,
  openContextOf,
  prekeyOf,
  revocationOf
} from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Fiber, Layer, Result } from "effect"
import { TestClock } from "effect/testing"
import { LinkLost } from "../broker_link/broker_transport.ts"
import { Meshes } from "../meshes/meshes.ts"
import { accepted } from "../testing/accepted.ts"
import {
  attachmentOn,
  type FakeAnswers,
  type FakeConnection,
  makeFakeConnection,
  prekeysAnswer
} from "../testing/fake_connection.ts"
import { layerMadeDaemon } from "../testing/made_daemon.ts"
import { identityOf } from "../testing/made_identity.ts"
import { eventually } from "../testing/eventually.ts"
import { outboxStates } from "../testing/rows.ts"
import { Delivery } from "./delivery.ts"
import { Drain } from "./drain.ts"

const made = makeMesh("drain", ["ada", "bob", "cy"])
const mesh = made.membership.mesh
const ada = identityOf(made, "ada")
const bob = memberOf(made, "bob").device
const cy = memberOf(made, "cy").device
const daemon = Drain.layer.pipe(
  Layer.provideMerge(layerMadeDaemon(made, "ada")),
  Layer.provide(layerSeededRandom("drain"))
)
const allPrekeys = prekeysAnswer(mesh, [prekeyOf(made, "bob"), prekeyOf(made, "cy")])

/** Drains on a connection whose broker has everybody's prekeys and answers sends like that. */
const draining = Effect.fnUntraced(function*(answers: FakeAnswers = () => undefined) {
  const fake = makeFakeConnection((request) => answers(request) ?? allPrekeys(request))
  const fiber = yield* Effect.forkScoped(
    Drain.use(({ run }) => run(attachmentOn(fake, ada)))
  )
  yield* settled
  return { fake, fiber }
})

/** Lets everything run that is not waiting for time. */
const settled = TestClock.adjust("1 millis")

/** Waits until so many envelopes were sent. */
function sentCount(fake: FakeConnection, count: number) {
  return eventually(Effect.sync(() => fake.sent().length), (sent) => sent >= count)
}

function textsSent({ sent }: FakeConnection, name: string): ReadonlyArray<string | undefined> {
  return sent().map((envelope) => {
    const opened = openEnvelope(envelope, openContextOf(made, name))
    return Result.isSuccess(opened) ? fromUtf8(opened.success.content) : undefined
  })
}

function refuses(text: number, refusal: Refused | LinkLost): FakeAnswers {
  let sends = 0
  return (request) => {
    if (request.type !== "send") return undefined
    return ++sends === text ? Effect.fail(refusal) : undefined
  }
}

describe("Drain.run", () => {
  it.effect("sends what waits, in the order of acceptance, and then what is accepted", () =>
    Effect.gen(function*() {
      yield* accepted({ to: [bob], text: "1" })
      yield* accepted({ to: [bob], text: "2" })

      const { fake } = yield* draining()
      yield* accepted({ to: [bob], text: "3" })
      yield* settled

      assert.deepStrictEqual(textsSent(fake, "bob"), ["1", "2", "3"])
      assert.deepStrictEqual(
        fake.sent().map(({ header }) => header.to[0]?.sseq),
        [1, 2, 3]
      )
      assert.deepStrictEqual(yield* outboxStates, [["admitted", 0], ["admitted", 0], [
        "admitted",
        0
      ]])
    }).pipe(Effect.provide(daemon)))

  it.effect("sends more than are under way at once", () =>
    Effect.gen(function*() {
      yield* Effect.forEach(numbers(150), (number) => accepted({ to: [bob], text: `${number}` }))

      const { fake } = yield* draining()
      yield* sentCount(fake, 150)

      assert.deepStrictEqual(
        fake.sent().map(({ header }) => header.to[0]?.sseq),
        numbers(150)
      )
    }).pipe(Effect.provide(daemon)))

  it.effect("says which head of the log it knew", () =>
    Effect.gen(function*() {
      yield* accepted({ to: [bob] })

      const { fake } = yield* draining()

      const { hash, seq } = made.membership.head
      assert.deepStrictEqual(fake.sent()[0]?.header.log_head, [seq, hash])
    }).pipe(Effect.provide(daemon)))
})

describe("Drain.run, without a prekey", () => {
  const bobOnly = prekeysAnswer(mesh, [prekeyOf(made, "bob")])

  it.effect("keeps what cannot be sealed, and all that follows it to the same device", () =>
    Effect.gen(function*() {
      yield* accepted({ to: [cy], text: "1" })
      yield* accepted({ to: [bob], text: "2" })
      yield* accepted({ to: [cy], text: "3" })

      const { fake } = yield* draining(bobOnly)

      assert.deepStrictEqual(textsSent(fake, "bob"), ["2"])
      assert.deepStrictEqual(yield* outboxStates, [["pending", 0], ["admitted", 0], ["pending", 0]])
    }).pipe(Effect.provide(daemon)))

  it.effect("is held up by no number of messages that wait", () =>
    Effect.gen(function*() {
      yield* Effect.forEach(numbers(200), () => accepted({ to: [cy] }))
      yield* accepted({ to: [bob], text: "behind them" })

      const { fake } = yield* draining(bobOnly)
      yield* sentCount(fake, 1)

      assert.deepStrictEqual(textsSent(fake, "bob"), ["behind them"])
    }).pipe(Effect.provide(daemon)))

  it.effect("looks again soon, and later each time, and then sends in order", () =>
    Effect.gen(function*() {
      let isThere = false
      yield* accepted({ to: [cy], text: "1" })
      yield* accepted({ to: [cy], text: "2" })
      const { fake } = yield* draining((request) => isThere ? undefined : bobOnly(request))
      function asked() {
        return fake.requests.filter(({ type }) => type === "get_prekeys").length
      }
      const looks = [asked()]
      for (const wait of ["250 millis", "500 millis", "1 minute"] as const) {
        yield* TestClock.adjust(wait)
        looks.push(asked())
      }
      assert.deepStrictEqual(looks.slice(0, 3), [1, 2, 3])
      assert.isBelow(looks[3] ?? 0, 20)

      isThere = true
      yield* TestClock.adjust("5 seconds")

      assert.deepStrictEqual(textsSent(fake, "cy"), ["1", "2"])
    }).pipe(Effect.provide(daemon)))
})

describe("Drain.run, refused", () => {
  it.effect.each<ErrorCode>(["unknown_recipient", "id_reused", "too_large", "revoked_device"])(
    "ends a message that is refused with %s, and sends the next",
    (code) =>
      Effect.gen(function*() {
        yield* accepted({ to: [bob], text: "1" })
        yield* accepted({ to: [bob], text: "2" })

        yield* draining(refuses(1, refused(code, "No")))

        assert.deepStrictEqual(yield* outboxStates, [["dead", 0], ["admitted", 0]])
      }).pipe(Effect.provide(daemon))
  )

  it.effect.each<ErrorCode>(["overloaded", "rate_limited", "quota", "internal", "shutting_down"])(
    "keeps a message that is refused with %s, and tries it again later",
    (code) =>
      Effect.gen(function*() {
        yield* accepted({ to: [bob], text: "1" })
        const { fake } = yield* draining(refuses(1, refused(code, "Not now")))
        assert.deepStrictEqual(yield* outboxStates, [["pending", 0]])

        yield* TestClock.adjust("5 seconds")

        assert.deepStrictEqual(textsSent(fake, "bob"), ["1", "1"])
        assert.deepStrictEqual(yield* outboxStates, [["admitted", 0]])
      }).pipe(Effect.provide(daemon))
  )

  it.effect("does not hammer a broker that refuses everything for now", () =>
    Effect.gen(function*() {
      yield* Effect.forEach(numbers(64), () => accepted({ to: [bob] }))
      const { fake } = yield* draining((request) =>
        request.type === "send" ? Effect.fail(refused("rate_limited", "Not now")) : undefined
      )

      yield* sentCount(fake, 64)
      yield* eventually(outboxStates, (states) => states.every(([state]) => state === "pending"))
      yield* TestClock.adjust("1 minute")

      assert.isBelow(fake.sent().length, 64 * 20)
    }).pipe(Effect.provide(daemon)))

  it.effect.each<ErrorCode>(["not_attached", "fenced"])(
    "ends the session and no message when the broker says %s",
    (code) =>
      Effect.gen(function*() {
        yield* accepted({ to: [bob] })

        const { fiber } = yield* draining(refuses(1, refused(code, "No more")))

        const lost = yield* Effect.flip(Fiber.join(fiber))
        assert.deepStrictEqual(lost, new LinkLost({ reason: "No more" }))
        yield* Delivery.use(({ resume }) => resume(mesh))
        assert.deepStrictEqual(yield* outboxStates, [["pending", 0]])
      }).pipe(Effect.provide(daemon))
  )

  it.effect("ends at once what is for somebody who was revoked", () =>
    Effect.gen(function*() {
      yield* accepted({ to: [cy] })
      yield* accepted({ to: [bob], text: "2" })
      const shrunk = appended(made, revocationOf(made, "ada", "cy"))
      yield* Meshes.use(({ learn }) => learn(mesh, shrunk.statements))

      const { fake } = yield* draining()

      assert.deepStrictEqual(yield* outboxStates, [["dead", 0], ["admitted", 0]])
      assert.lengthOf(fake.sent(), 1)
    }).pipe(Effect.provide(daemon)))
})

describe("Drain.run, asked to seal again", () => {
  it.effect("waits for the next attempt, and sends what follows meanwhile", () =>
    Effect.gen(function*() {
      const { commitment: commit, id } = yield* accepted({ to: [bob], text: "1" })
      const { fake } = yield* draining()
      const verdict = { id, commit, stage: "rejected", reason: "reseal", at: 0, sig: "" } as const
      const reject = Delivery.use(({ applyReceipt }) => applyReceipt(mesh, bob, verdict))
      yield* Effect.andThen(reject, settled)
      assert.deepStrictEqual(textsSent(fake, "bob"), ["1", "1"])

      yield* Effect.andThen(reject, settled)
      yield* accepted({ to: [bob], text: "2" })
      yield* settled
      assert.deepStrictEqual(textsSent(fake, "bob"), ["1", "1", "2"])

      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(textsSent(fake, "bob"), ["1", "1", "2", "1"])
      assert.deepStrictEqual(fake.sent().map(({ header }) => header.attempt), [0, 1, 0, 2])
    }).pipe(Effect.provide(daemon)))
})

describe("Drain.run, cut off", () => {
  it.effect("sends again what was not answered, with the numbers it had", () =>
    Effect.gen(function*() {
      yield* Effect.forEach(["1", "2", "3"], (text) => accepted({ to: [bob], text }))
      const first = yield* draining(refuses(2, new LinkLost({ reason: "cut" })))
      assert.isTrue(Exit.isFailure(yield* Fiber.await(first.fiber)))

      yield* Delivery.use(({ resume }) => resume(mesh))
      const second = yield* draining()

      assert.deepStrictEqual(textsSent(second.fake, "bob"), ["1", "2", "3"])
      assert.deepStrictEqual(second.fake.sent().map(({ header }) => header.to[0]?.sseq), [1, 2, 3])
      assert.deepStrictEqual(
        second.fake.sent().map(({ header }) => header.commit),
        first.fake.sent().map(({ header }) => header.commit)
      )
      assert.deepStrictEqual(yield* outboxStates, [["admitted", 0], ["admitted", 0], [
        "admitted",
        0
      ]])
    }).pipe(Effect.provide(daemon)))

  it.effect("leaves nothing under way when it is interrupted", () =>
    Effect.gen(function*() {
      yield* accepted({ to: [bob] })
      const { fiber } = yield* draining((request) =>
        request.type === "send" ? Effect.never : undefined
      )
      assert.deepStrictEqual(yield* outboxStates, [["sending", 0]])

      yield* Fiber.interrupt(fiber)
      yield* Delivery.use(({ resume }) => resume(mesh))
      const { fake } = yield* draining()

      assert.lengthOf(fake.sent(), 1)
      assert.deepStrictEqual(yield* outboxStates, [["admitted", 0]])
    }).pipe(Effect.provide(daemon)))
})

function numbers(count: number): Array<number> {
  return Array.from({ length: count }, (_, at) => at + 1)
}
