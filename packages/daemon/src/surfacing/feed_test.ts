import type { SessionId } from "@claudemesh/protocol"
import type { FeedEvent } from "@claudemesh/protocol/local_api"
import { makeMesh, memberOf, messageIdOf, sealBetween } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer, Ref, Stream } from "effect"
import { TestClock } from "effect/testing"
import { makeSessionRows, type SessionRow } from "../sessions/session_rows.ts"
import {
  begunSession,
  endedSession,
  resumedSession,
  sessionIdOf
} from "../testing/made_sessions.ts"
import { layerReceiving, receive } from "../testing/receiving.ts"
import { Feed } from "./feed.ts"
import { Surfacing } from "./surfacing.ts"

const made = makeMesh("feed", ["ada", "bob"])
const mesh = made.membership.mesh
const ada = memberOf(made, "ada").device
const daemon = Layer.provideMerge(Feed.layer, layerReceiving(made, "bob"))

/** A message from ada that says its number. */
function letter(number: number, session?: SessionId) {
  const device = memberOf(made, "bob").device
  const to = [{ device, sseq: number, ...(session === undefined ? {} : { session }) }]
  return sealBetween(made, { from: "ada", to: ["bob"], text: `${number}` }, {
    draft: { id: messageIdOf(number), to }
  })
}

function keyOf(number: number) {
  return { mesh, sender: ada, id: messageIdOf(number) }
}

/** What the first session reports of the message of that number. */
const seen = Effect.fnUntraced(function*(number: number, stage: "posted" | "surfaced") {
  const message = { mesh, from_device_id: ada, id: messageIdOf(number) }
  const { report } = yield* Surfacing
  yield* report(sessionIdOf(1), [{ message, stage, carrier: "socket" }])
})

/** A reader of the first session's feed: what it was told since it was last asked. */
const reading = Effect.gen(function*() {
  const told = yield* Ref.make<ReadonlyArray<string>>([])
  const { read } = yield* Feed
  const fiber = yield* Effect.forkScoped(
    Stream.runForEach(
      read(sessionIdOf(1)),
      (event) => Ref.update(told, (all) => [...all, inShort(event)])
    )
  )
  const news = Effect.andThen(settled, Ref.getAndSet(told, []))
  return { fiber, news }
})

/** From fiber to fiber, a look takes some turns. */
const settled = Effect.replicateEffect(TestClock.adjust("1 millis"), 10)

function inShort(event: FeedEvent): string {
  switch (event.type) {
    case "session":
      return `I am ${event.session.name}, ${event.session.mode}`
    case "message":
      return `${event.message.text}${event.posted ? " again" : ""}`
    case "withdrawn":
      return `not ${event.message.id}`
  }
}

const put = Effect.fnUntraced(function*(row: SessionRow) {
  yield* (yield* makeSessionRows).put(row)
  yield* Surfacing.use(({ lookAgain }) => lookAgain)
})

describe("Feed.read", () => {
  it.effect("opens with the session, and then what is open, in the order in which it came", () =>
    Effect.gen(function*() {
      const { id } = yield* begunSession(1)
      yield* receive(letter(1), letter(2), letter(3, id))

      const { news } = yield* reading

      assert.deepStrictEqual(yield* news, ["I am agent-1, push", "1", "2", "3"])
    }).pipe(Effect.scoped, Effect.provide(daemon)))

  it.effect("shows a message as the inbox does", () =>
    Effect.gen(function*() {
      const { read } = yield* Feed
      yield* begunSession(1)
      yield* receive(letter(1))

      const [, event] = yield* Stream.runCollect(Stream.take(read(sessionIdOf(1)), 2))

      assert.strictEqual(event?.type, "message")
      if (event?.type !== "message") return
      assert.deepInclude(event.message, { id: messageIdOf(1), from: "ada", mesh_name: "home" })
    }).pipe(Effect.provide(daemon)))

  it.effect("tells what arrives, each once, and nothing of what is another's", () =>
    Effect.gen(function*() {
      const { activeAt } = yield* begunSession(1)
      const { news } = yield* reading
      yield* news

      yield* receive(letter(1))
      assert.deepStrictEqual(yield* news, ["1"])

      yield* begunSession(2, { activeAt: activeAt + 1_000 })
      yield* receive(letter(2), letter(3, sessionIdOf(1)))
      assert.deepStrictEqual(yield* news, ["3"])
    }).pipe(Effect.scoped, Effect.provide(daemon)))

  it.effect("tells a new reader all that is open again, and what of it was posted before", () =>
    Effect.gen(function*() {
      yield* begunSession(1)
      yield* receive(letter(1), letter(2), letter(3))
      const first = yield* reading
      yield* first.news
      yield* seen(1, "posted")
      yield* seen(2, "surfaced")

      const second = yield* reading

      assert.deepStrictEqual(yield* second.news, ["I am agent-1, push", "1 again", "3"])
      assert.deepStrictEqual(yield* first.news, [`not ${messageIdOf(2)}`])
    }).pipe(Effect.scoped, Effect.provide(daemon)))

  it.effect("tells what a human accepts, and what goes to another session", () =>
    Effect.gen(function*() {
      const { accept } = yield* Surfacing
      const session = yield* begunSession(1, { unprompted: true })
      const { news } = yield* reading
      yield* receive(letter(1))
      assert.deepStrictEqual(yield* news, ["I am agent-1, push"])

      yield* accept([keyOf(1)])
      assert.deepStrictEqual(yield* news, ["1"])

      yield* put({ ...session, mode: "inbox" })
      assert.deepStrictEqual(yield* news, ["I am agent-1, inbox", `not ${messageIdOf(1)}`])
      yield* put(session)
      assert.deepStrictEqual(yield* news, ["I am agent-1, push", "1"])
    }).pipe(Effect.scoped, Effect.provide(daemon)))

  it.effect("tells a session what another leaves behind", () =>
    Effect.gen(function*() {
      const { activeAt } = yield* begunSession(1)
      const other = yield* begunSession(2, { activeAt: activeAt + 1_000 })
      yield* receive(letter(1))
      const { news } = yield* reading
      yield* news

      yield* endedSession(other)

      assert.deepStrictEqual(yield* news, ["1"])
    }).pipe(Effect.scoped, Effect.provide(daemon)))

  it.effect("tells what it is called now", () =>
    Effect.gen(function*() {
      const session = yield* begunSession(1)
      const { news } = yield* reading
      yield* news

      yield* put({ ...session, name: "api" })
      yield* Surfacing.use(({ lookAgain }) => lookAgain)

      assert.deepStrictEqual(yield* news, ["I am api, push"])
    }).pipe(Effect.scoped, Effect.provide(daemon)))

  it.effect("shows nothing to a session that does not have messages pushed", () =>
    Effect.gen(function*() {
      const { id } = yield* begunSession(1, { mode: "off" })
      const { news } = yield* reading

      yield* receive(letter(1, id))

      assert.deepStrictEqual(yield* news, ["I am agent-1, off"])
    }).pipe(Effect.scoped, Effect.provide(daemon)))

  it.effect("ends with the session, begins with none, and goes on for one that is resumed", () =>
    Effect.gen(function*() {
      const session = yield* begunSession(1)
      yield* receive(letter(1))
      const { fiber, news } = yield* reading
      yield* news

      yield* endedSession(session)
      yield* Fiber.join(fiber)

      const between = yield* reading
      yield* Fiber.join(between.fiber)
      assert.deepStrictEqual(yield* between.news, [])
      yield* resumedSession(session)
      const again = yield* reading
      assert.deepStrictEqual(yield* again.news, ["I am agent-1, push", "1"])
    }).pipe(Effect.scoped, Effect.provide(daemon)))
})
