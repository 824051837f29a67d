import {
  type BrokerFrame,
  DeviceId,
  limits,
  MeshId,
  type Push,
  writeFrame
} from "@claudemesh/protocol"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Fiber, Queue } from "effect"
import { TestClock } from "effect/testing"
import { CHALLENGE, makeFakeWire } from "../testing/fake_wire.ts"
import { MADE_ORIGIN } from "../testing/made_identity.ts"
import { LinkLost } from "./broker_transport.ts"
import { openConnection } from "./connection.ts"

const mesh = MeshId.make(`m_${"a".repeat(26)}`)
const device = DeviceId.make(`d_${"a".repeat(26)}`)
const other = DeviceId.make(`d_${"b".repeat(26)}`)
const ask = { type: "read_statements", mesh, after: 0 } as const

/** A connection that reads, and its wire. */
const opened = Effect.gen(function*() {
  const fake = yield* makeFakeWire
  yield* fake.say(CHALLENGE)
  const connection = yield* openConnection(MADE_ORIGIN, fake.wire)
  const running = yield* Effect.forkScoped(connection.run)
  return { ...fake, connection, running }
})

/** What becomes of a broker that says this first. */
const openedTo = Effect.fnUntraced(function*(text: string) {
  const fake = yield* makeFakeWire
  yield* fake.sayText(text)
  return yield* Effect.flip(openConnection(MADE_ORIGIN, fake.wire))
})

const settled = TestClock.adjust("1 millis")

function push(seq: number, log = device): Push {
  return { type: "push", log, epoch: 1, seq, envelope: {} }
}

describe("openConnection", () => {
  it.effect.each<{ readonly what: string; readonly first: BrokerFrame; readonly code: string }>([
    {
      what: "calls itself something else",
      first: { ...CHALLENGE, origin: "http://evil" },
      code: "wrong_origin"
    },
    {
      what: "speaks other versions only",
      first: { ...CHALLENGE, versions: [99] },
      code: "unsupported"
    },
    { what: "begins with another frame", first: { type: "pong", t: 1 }, code: "not_a_broker" }
  ])("refuses a broker that $what", ({ code, first }) =>
    Effect.gen(function*() {
      const refusal = yield* openedTo(writeFrame(first))

      assert.strictEqual(refusal.code, code)
    }))

  it.effect.each(["", "<html>", "null", "[]", "{\"type\":\"challenge\"}"])(
    "refuses %j as no broker",
    (text) =>
      Effect.gen(function*() {
        assert.strictEqual((yield* openedTo(text)).code, "not_a_broker")
      })
  )

  it.effect("gives up on a broker that says nothing", () =>
    Effect.gen(function*() {
      const fake = yield* makeFakeWire
      const opening = yield* Effect.forkChild(Effect.flip(openConnection(MADE_ORIGIN, fake.wire)))

      yield* TestClock.adjust("30 seconds")

      assert.strictEqual((yield* Fiber.join(opening)).code, "broker_unreachable")
    }))
})

describe("Connection.request", () => {
  it.effect("finds its own answer, in whatever order answers come", () =>
    Effect.gen(function*() {
      const { connection, say } = yield* opened
      const first = yield* connection.submit(ask)
      const second = yield* connection.submit({ ...ask, after: 5 })

      yield* say({ type: "statements", ref: 2, mesh, items: [], head: 22 })
      yield* say({ type: "statements", ref: 1, mesh, items: [], head: 11 })

      const answers = [yield* first, yield* second]
      assert.deepStrictEqual(answers.map((answer) => "head" in answer && answer.head), [11, 22])
    }))

  it.effect("hands requests over in order before any is answered", () =>
    Effect.gen(function*() {
      const { connection, next } = yield* opened
      assert.strictEqual((yield* next).type, "ping")

      yield* Effect.forEach([0, 5], (after) => connection.submit({ ...ask, after }))

      assert.deepStrictEqual(yield* next, { ...ask, ref: 1 })
      assert.deepStrictEqual(yield* next, { ...ask, ref: 2, after: 5 })
    }))

  it.effect("fails as the broker refuses", () =>
    Effect.gen(function*() {
      const { connection, say } = yield* opened
      const refused = yield* connection.submit(ask)
      const unknown = yield* connection.submit(ask)

      yield* say({
        type: "refused",
        ref: 1,
        code: "rate_limited",
        message: "No",
        retry_after_ms: 7
      })
      yield* say({ type: "unsupported", ref: 2, message: "What?", versions: [1] })

      const refusal = yield* Effect.flip(refused)
      assert.deepInclude(refusal, { code: "rate_limited", message: "No", retry_after_ms: 7 })
      assert.deepInclude(yield* Effect.flip(unknown), { code: "unsupported", message: "What?" })
    }))

  it.effect("gives up after half a minute", () =>
    Effect.gen(function*() {
      const { connection } = yield* opened
      const asking = yield* Effect.forkChild(Effect.flip(connection.request(ask)))

      yield* TestClock.adjust("30 seconds")

      assert.deepInclude(yield* Fiber.join(asking), { _tag: "LinkLost" })
    }))

  it.effect("fails at once when the wire ends, or the connection is closed", () =>
    Effect.gen(function*() {
      const cut = yield* opened
      const closed = yield* opened
      const first = yield* Effect.forkChild(Effect.flip(cut.connection.request(ask)))
      const second = yield* Effect.forkChild(Effect.flip(closed.connection.request(ask)))
      yield* settled

      yield* cut.cut
      yield* Fiber.interrupt(closed.running)

      assert.deepInclude(yield* Fiber.join(first), { reason: "the test cut it" })
      assert.deepInclude(yield* Fiber.join(second), { reason: "it was closed" })
    }))
})

describe("Connection.framesOf", () => {
  it.effect("gets what the broker sends about the mesh or its log, and nothing else", () =>
    Effect.gen(function*() {
      const { connection, say } = yield* opened
      const frames = yield* connection.framesOf(mesh, device)
      const asked = yield* connection.submit(ask)

      yield* say(push(1))
      yield* say(push(2, other))
      yield* say({ type: "statements", ref: 1, mesh, items: [], head: 1 })
      yield* say({ type: "presence", mesh, items: [] })
      yield* asked

      const got = yield* Queue.takeN(frames, 2)
      assert.deepStrictEqual(got.map(({ type }) => type), ["push", "presence"])
      assert.strictEqual(yield* Queue.size(frames), 0)
    }))

  it.effect("gets what is addressed to nobody's request, too", () =>
    Effect.gen(function*() {
      const { connection, say } = yield* opened
      const frames = yield* connection.framesOf(mesh, device)

      yield* say({ type: "statements", ref: 99, mesh, items: [], head: 1 })

      assert.strictEqual((yield* Queue.take(frames)).type, "statements")
    }))

  it.effect("ends with the wire, after what came before", () =>
    Effect.gen(function*() {
      const { connection, cut, say } = yield* opened
      const frames = yield* connection.framesOf(mesh, device)
      yield* say(push(1))
      yield* settled

      yield* cut

      assert.strictEqual((yield* Queue.take(frames)).type, "push")
      assert.deepInclude(yield* Effect.flip(Queue.take(frames)), { reason: "the test cut it" })
    }))

  it.effect("holds nobody up once its mesh is served no more", () =>
    Effect.gen(function*() {
      const { connection, say } = yield* opened
      yield* Effect.scoped(connection.framesOf(mesh, device))
      yield* Effect.forEach(Array.from({ length: 1_000 }, (_, at) => at), (seq) => say(push(seq)))
      const asked = yield* connection.submit(ask)

      yield* say({ type: "statements", ref: 1, mesh, items: [], head: 7 })

      assert.deepInclude(yield* asked, { head: 7 })
    }))
})

describe("Connection.run", () => {
  it.effect("pings every 25 seconds", () =>
    Effect.gen(function*() {
      const { running, say, written } = yield* opened
      yield* settled
      for (let ping = 0; ping < 4; ping++) {
        assert.deepStrictEqual((yield* written).map(({ type }) => type), ["ping"])
        yield* say({ type: "pong", t: 0 })
        yield* TestClock.adjust(limits.pingMillis)
      }
      assert.isUndefined(running.pollUnsafe())
    }))

  it.effect("ends after 75 seconds of silence, not before", () =>
    Effect.gen(function*() {
      const { running, say } = yield* opened
      yield* TestClock.adjust("40 seconds")
      yield* say({ type: "pong", t: 0 })
      yield* TestClock.adjust("74 seconds")
      assert.isUndefined(running.pollUnsafe())

      yield* TestClock.adjust("1 second")

      const exit = yield* Fiber.await(running)
      assert.deepStrictEqual(
        Exit.findErrorOption(exit),
        Exit.findErrorOption(Exit.fail(new LinkLost({ reason: "nothing came for 75 seconds" })))
      )
    }))

  it.effect("notes what the broker asks for when it stops", () =>
    Effect.gen(function*() {
      const { connection, say } = yield* opened
      assert.isUndefined(yield* connection.goAway)

      yield* say({ type: "goaway", after_ms: 500, jitter_ms: 5_000 })
      yield* settled

      assert.deepInclude(yield* connection.goAway, { after_ms: 500, jitter_ms: 5_000 })
    }))
})
