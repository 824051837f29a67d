import { refused } from "@claudemesh/protocol/errors"
import { type LocalEvent, type MessageState, SentMessage } from "@claudemesh/protocol/local_api"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Option, Queue, Ref, Stream } from "effect"
import { TestClock } from "effect/testing"
import { asDaemon } from "../testing/command_line.ts"
import { idOf, NOW, sent } from "../testing/samples.ts"
import { outcomeOf, startAwaiting } from "./awaiting.ts"

const SentId = SentMessage.fields.id
const elsewhere = SentMessage.fields.mesh.make(idOf("m", "e"))

/** The message, with each of its recipients that far. */
function at(...states: ReadonlyArray<MessageState>): SentMessage {
  const [recipient] = sent.recipients
  return {
    ...sent,
    recipients: states.flatMap((state) => recipient ? [{ ...recipient, state }] : [])
  }
}

function step(message: SentMessage): LocalEvent {
  return { type: "sent", at: NOW, message }
}

/** A daemon whose events a test says, and which knows of the message what the last of them said. */
const playing = Effect.gen(function*() {
  const known = yield* Ref.make(at("queued"))
  const looks = yield* Ref.make<ReadonlyArray<unknown>>([])
  const watches = yield* Queue.unbounded<Queue.Queue<LocalEvent>>()
  const daemon = asDaemon({
    events: {
      watch: () =>
        Effect.gen(function*() {
          const events = yield* Queue.unbounded<LocalEvent>()
          yield* Queue.offer(watches, events)
          return Stream.fromQueue(events).pipe(
            Stream.takeUntil(({ type }) => type === "lagging")
          )
        })
    },
    messages: {
      show: ({ query }: { readonly query: object }) =>
        Effect.andThen(Ref.update(looks, (all) => [...all, query]), Ref.get(known))
    }
  })
  const say = Effect.fnUntraced(function*(events: Queue.Queue<LocalEvent>, message: SentMessage) {
    yield* Ref.set(known, message)
    yield* Queue.offer(events, step(message))
  })
  return { daemon, known, looks, say, watched: Queue.take(watches) }
})

const inboxed = { awaited: "inboxed", timeoutMillis: 30_000 } as const

describe("outcomeOf", () => {
  it("has reached what it is awaited for, or more", () => {
    for (const state of ["inboxed", "surfaced", "in_context", "answered"] as const) {
      assert.deepStrictEqual(outcomeOf(at(state), "inboxed"), { type: "reached" })
      assert.deepStrictEqual(outcomeOf(at("admitted", state), "admitted"), { type: "reached" })
    }
    assert.deepStrictEqual(outcomeOf(at("inboxed", "admitted"), "inboxed"), { type: "waiting" })
    assert.deepStrictEqual(outcomeOf(at("queued"), "admitted"), { type: "waiting" })
  })

  it("takes what waits for a human there for inboxed, and not for surfaced", () => {
    assert.deepStrictEqual(outcomeOf(at("held", "inboxed"), "inboxed"), { type: "reached" })
    assert.deepStrictEqual(outcomeOf(at("held", "surfaced"), "surfaced"), { type: "waiting" })
  })

  it("takes for seen by the model only what is in its context, or answered", () => {
    assert.deepStrictEqual(outcomeOf(at("surfaced", "in_context"), "surfaced"), { type: "reached" })
    assert.deepStrictEqual(outcomeOf(at("surfaced"), "in_context"), { type: "waiting" })
    assert.deepStrictEqual(outcomeOf(at("in_context", "answered"), "in_context"), {
      type: "reached"
    })
  })

  it("has ended once one will never have it, and none is waited for", () => {
    const message = at("inboxed", "rejected")
    const recipients = message.recipients.map((one) => ({
      ...one,
      reason: "undecryptable" as const
    }))

    assert.deepStrictEqual(outcomeOf({ ...message, recipients }, "inboxed"), {
      type: "ended",
      code: "undecryptable"
    })
    assert.deepStrictEqual(outcomeOf(at("expired"), "admitted"), { type: "ended", code: "expired" })
    assert.deepStrictEqual(outcomeOf(at("aborted"), "admitted"), {
      type: "ended",
      code: "message_ended"
    })
    assert.deepStrictEqual(outcomeOf(at("rejected", "admitted"), "inboxed"), { type: "waiting" })
  })
})

describe("startAwaiting", () => {
  it.effect("misses nothing that happens between the send and the wait", () =>
    Effect.gen(function*() {
      const { daemon, say, watched } = yield* playing
      const { until } = yield* startAwaiting(daemon)
      yield* say(yield* watched, at("inboxed"))

      const message = yield* until(at("queued"), inboxed)

      assert.deepStrictEqual(outcomeOf(message, "inboxed"), { type: "reached" })
    }))

  it.effect("waits for every recipient, and hears no other message", () =>
    Effect.gen(function*() {
      const { daemon, say, watched } = yield* playing
      const { latest, until } = yield* startAwaiting(daemon)
      const events = yield* watched
      const waiting = yield* Effect.forkChild(until(at("queued", "queued"), inboxed))
      yield* Queue.offer(
        events,
        step({ ...at("inboxed"), id: SentId.make(`${sent.id.slice(0, -1)}9`) })
      )
      yield* Queue.offer(events, step({ ...at("inboxed"), mesh: elsewhere }))
      yield* say(events, at("inboxed", "admitted"))
      yield* TestClock.adjust("1 second")
      assert.isUndefined(waiting.pollUnsafe())
      assert.deepStrictEqual(yield* latest, Option.some(at("inboxed", "admitted")))

      yield* say(events, at("inboxed", "inboxed"))

      assert.deepStrictEqual(yield* Fiber.join(waiting), at("inboxed", "inboxed"))
    }))

  it.effect("answers after the time with what is true then", () =>
    Effect.gen(function*() {
      const { daemon, known, looks } = yield* playing
      const { until } = yield* startAwaiting(daemon)
      const waiting = yield* Effect.forkChild(until(at("queued"), inboxed))
      yield* Ref.set(known, at("admitted"))

      yield* TestClock.adjust("30 seconds")

      assert.deepStrictEqual(yield* Fiber.join(waiting), at("admitted"))
      assert.deepStrictEqual(yield* Ref.get(looks), [{ mesh: sent.mesh, direction: "sent" }])
    }))

  it.effect("watches again where it was cut off, and looks at what it missed", () =>
    Effect.gen(function*() {
      const { daemon, known, watched } = yield* playing
      const { until } = yield* startAwaiting(daemon)
      const events = yield* watched
      const waiting = yield* Effect.forkChild(until(at("queued"), inboxed))
      yield* Ref.set(known, at("inboxed"))

      yield* Queue.offer(events, { type: "lagging", at: NOW })

      assert.deepStrictEqual(yield* Fiber.join(waiting), at("inboxed"))
    }))

  it.effect("asks nobody where it is far enough already", () =>
    Effect.gen(function*() {
      const { daemon } = yield* playing
      const { until } = yield* startAwaiting(daemon)

      assert.deepStrictEqual(yield* until(at("answered"), inboxed), at("answered"))
    }))

  it.effect("fails where the daemon is gone, and still knows what it saw last", () =>
    Effect.gen(function*() {
      const gone = refused("daemon_not_running", "The daemon broke off")
      const daemon = asDaemon({ events: { watch: () => Effect.succeed(Stream.fail(gone)) } })
      const { latest, until } = yield* startAwaiting(daemon)

      assert.strictEqual(yield* Effect.flip(until(at("queued"), inboxed)), gone)
      assert.deepStrictEqual(yield* latest, Option.some(at("queued")))
    }))
})
