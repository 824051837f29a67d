import { makeMesh, memberOf, messageIdOf, sealBetween } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { SqlClient } from "effect/sql"
import { Inbox } from "../inbox/inbox.ts"
import {
  begunSession,
  endedSession,
  heldNow,
  openIn,
  resumedSession,
  sessionIdOf
} from "../testing/made_sessions.ts"
import { layerReceiving, receive, textsReceived } from "../testing/receiving.ts"
import { dueRows } from "../testing/rows.ts"
import { Surfacing } from "./surfacing.ts"

const made = makeMesh("surfacing_held", ["ada", "bob"])
const mesh = made.membership.mesh
const elsewhere = makeMesh("surfacing_held-2", ["ada", "bob"]).membership.mesh
const ada = memberOf(made, "ada").device
const daemon = layerReceiving(made, "bob")

/** A message from ada, whom nobody here knows, that says its number. */
function letter(number: number, session?: ReturnType<typeof sessionIdOf>) {
  const device = memberOf(made, "bob").device
  const to = [{ device, sseq: number, ...(session === undefined ? {} : { session }) }]
  return sealBetween(made, { from: "ada", to: ["bob"], text: `${number}` }, {
    draft: { id: messageIdOf(number), to }
  })
}

function keyOf(number: number) {
  return { mesh, sender: ada, id: messageIdOf(number) }
}

const accept = Effect.fnUntraced(function*(...numbers: ReadonlyArray<number>) {
  return yield* (yield* Surfacing).accept(numbers.map(keyOf))
})

const drop = Effect.fnUntraced(function*(...numbers: ReadonlyArray<number>) {
  return yield* (yield* Surfacing).drop(numbers.map(keyOf))
})

describe("Surfacing, what waits for a human", () => {
  it.effect("is told to its sender with the reason, and shown to no session", () =>
    Effect.gen(function*() {
      const { id } = yield* begunSession(1, { unprompted: true })

      yield* receive(letter(1))

      assert.deepStrictEqual(yield* heldNow, [["1", id, "unknown_sender"]])
      assert.deepStrictEqual(yield* openIn(1), [])
      assert.deepStrictEqual(yield* dueRows, [
        { id: messageIdOf(1), stage: "held", reason: "unknown_sender" },
        { id: messageIdOf(1), stage: "inboxed", reason: null }
      ])
    }).pipe(Effect.provide(daemon)))

  it.effect("is listed of one mesh or of all, in the order in which it came", () =>
    Effect.gen(function*() {
      const { held } = yield* Surfacing
      yield* begunSession(1, { unprompted: true })
      yield* receive(letter(1), letter(2))

      assert.deepStrictEqual((yield* held(mesh)).map(({ text }) => text), ["1", "2"])
      assert.lengthOf(yield* held(undefined), 2)
      assert.lengthOf(yield* held(elsewhere), 0)
    }).pipe(Effect.provide(daemon)))

  it.effect("is shown once a human accepts it, in its place", () =>
    Effect.gen(function*() {
      yield* begunSession(1, { unprompted: true })
      yield* receive(letter(1), letter(2))

      assert.strictEqual(yield* accept(2), 1)
      assert.strictEqual(yield* accept(1, 2, 9), 1)

      assert.deepStrictEqual(yield* openIn(1), [["1", "waiting"], ["2", "waiting"]])
      assert.deepStrictEqual(yield* heldNow, [])
    }).pipe(Effect.provide(daemon)))

  it.effect("is shown to another session where its own has ended, or was meant to be", () =>
    Effect.gen(function*() {
      const ended = yield* begunSession(1, { unprompted: true })
      yield* receive(letter(1), letter(2, ended.id))
      yield* endedSession(ended)
      yield* begunSession(2)

      yield* accept(1, 2)

      assert.deepStrictEqual(yield* openIn(2), [["1", "waiting"]])
      assert.deepStrictEqual(yield* openIn(1), [["2", "waiting"]])
    }).pipe(Effect.provide(daemon)))

  it.effect("waits for its session to be resumed where no other runs", () =>
    Effect.gen(function*() {
      const ended = yield* begunSession(1, { unprompted: true })
      yield* receive(letter(1))
      yield* endedSession(ended)

      yield* accept(1)
      yield* resumedSession(ended)

      assert.deepStrictEqual(yield* openIn(1), [["1", "waiting"]])
    }).pipe(Effect.provide(daemon)))

  it.effect("is never shown once it is dropped, though it stays in the inbox unread", () =>
    Effect.gen(function*() {
      const { report } = yield* Surfacing
      const session = yield* begunSession(1, { unprompted: true })
      yield* receive(letter(1))

      assert.strictEqual(yield* drop(1), 1)
      assert.strictEqual(yield* accept(1), 0)
      const message = { mesh, from_device_id: ada, id: messageIdOf(1) }
      yield* report(session.id, [{ message, stage: "surfaced", carrier: "hook" }])
      yield* begunSession(2)
      yield* endedSession(session)
      yield* resumedSession(session)

      assert.deepStrictEqual([yield* openIn(1), yield* openIn(2), yield* heldNow], [[], [], []])
      assert.deepStrictEqual(yield* textsReceived, ["1"])
      assert.strictEqual(yield* Inbox.use(({ unread }) => unread({ mesh })), 1)
    }).pipe(Effect.provide(daemon)))

  it.effect("is seen by nobody before that, whatever a session says", () =>
    Effect.gen(function*() {
      const { report, withheld } = yield* Surfacing
      const session = yield* begunSession(1, { unprompted: true })
      yield* receive(letter(1))
      const message = { mesh, from_device_id: ada, id: messageIdOf(1) }

      const changed = yield* report(session.id, [
        { message, stage: "surfaced", carrier: "socket" },
        { message, stage: "in_context", carrier: "poll" }
      ])

      assert.deepStrictEqual([changed, yield* withheld(keyOf(1))], [0, "held"])
      yield* accept(1)
      assert.isUndefined(yield* withheld(keyOf(1)))
    }).pipe(Effect.provide(daemon)))

  it.effect("is not read by a command where the agent's client holds it", () =>
    Effect.gen(function*() {
      const { report } = yield* Surfacing
      const session = yield* begunSession(1)
      yield* receive(letter(1))
      const message = { mesh, from_device_id: ada, id: messageIdOf(1) }
      yield* report(session.id, [{ message, stage: "held", because: "client_hold" }])

      const read = [{ message, stage: "surfaced", carrier: "poll" }] as const

      assert.strictEqual(yield* report(session.id, read), 0)
      assert.deepStrictEqual(yield* heldNow, [["1", session.id, "client_hold"]])
    }).pipe(Effect.provide(daemon)))

  it.effect("is nothing that a human has to decide where it is not held", () =>
    Effect.gen(function*() {
      yield* begunSession(1)
      yield* receive(letter(1))

      assert.strictEqual(yield* drop(1), 0)
      assert.deepStrictEqual(yield* openIn(1), [["1", "waiting"]])
    }).pipe(Effect.provide(daemon)))

  it.effect("goes with its message, when the inbox is pruned and when the mesh is left", () =>
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient
      const inbox = yield* Inbox
      const count = sql`SELECT count(*) FROM surfacings`.values
      yield* begunSession(1, { unprompted: true })
      yield* receive(letter(1), letter(2))
      yield* inbox.read([keyOf(1)])
      yield* TestClock.adjust("1 day")

      yield* inbox.prune(mesh, { before: Number.MAX_SAFE_INTEGER, limit: 10 })
      assert.deepStrictEqual([yield* count, yield* heldNow], [
        [[1]],
        [["2", sessionIdOf(1), "unknown_sender"]]
      ])

      yield* inbox.forget(mesh)
      assert.deepStrictEqual(yield* count, [[0]])
    }).pipe(Effect.provide(daemon)))
})
