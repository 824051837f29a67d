import type { SessionId } from "@claudemesh/protocol"
import type { Evidence } from "@claudemesh/protocol/local_api"
import { makeMesh, memberOf, messageIdOf, sealBetween } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { SqlClient } from "effect/sql"
import { Inbox } from "../inbox/inbox.ts"
import { accepted } from "../testing/accepted.ts"
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

const made = makeMesh("surfacing", ["ada", "bob"])
const mesh = made.membership.mesh
const elsewhere = makeMesh("surfacing-2", ["ada", "bob"]).membership.mesh
const ada = memberOf(made, "ada").device
const daemon = layerReceiving(made, "bob")

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

/** What the session of that number reports of the message of that number. */
function report(session: number, message: number, seen: Seen) {
  const named = { mesh, from_device_id: ada, id: messageIdOf(message) }
  return Surfacing.use((surfacing) =>
    surfacing.report(sessionIdOf(session), [{ message: named, ...seen }])
  )
}

type Seen = Evidence extends infer One ? One extends Evidence ? Omit<One, "message"> : never : never

/** What ada is to be told beside that it is in the inbox. */
const told = Effect.map(
  dueRows,
  (rows) =>
    rows.filter(({ stage }) => stage !== "inboxed").map(({ reason, stage }) => [stage, reason])
)

/** Rows of the table, whatever became of them. */
const rowsKept = SqlClient.SqlClient.use((sql) =>
  sql`SELECT text, state FROM surfacings LEFT JOIN inbox USING (position) ORDER BY position`.values
)

describe("Surfacing.assign", () => {
  it.effect("leaves a message with nobody where no session of its mesh runs", () =>
    Effect.gen(function*() {
      yield* begunSession(1, { mesh: elsewhere })
      yield* begunSession(2, { mesh: null })
      yield* endedSession(yield* begunSession(3))

      yield* receive(letter(1))

      assert.deepStrictEqual(yield* textsReceived, ["1"])
      assert.deepStrictEqual(yield* rowsKept, [])
    }).pipe(Effect.provide(daemon)))

  it.effect("gives it to the one session of which something was heard last", () =>
    Effect.gen(function*() {
      const first = yield* begunSession(1)
      yield* TestClock.adjust("1 second")
      yield* begunSession(2)
      yield* receive(letter(1))
      yield* begunSession(1, { activeAt: first.activeAt + 2_000 })

      yield* receive(letter(2))

      assert.deepStrictEqual(yield* openIn(1), [["2", "waiting"]])
      assert.deepStrictEqual(yield* openIn(2), [["1", "waiting"]])
    }).pipe(Effect.provide(daemon)))

  it.effect("gives nothing to a session that does not have messages pushed", () =>
    Effect.gen(function*() {
      yield* begunSession(1, { mode: "inbox" })
      yield* begunSession(2, { mode: "off" })

      yield* receive(letter(1))

      assert.deepStrictEqual(yield* rowsKept, [])
    }).pipe(Effect.provide(daemon)))

  it.effect("keeps what is addressed to a session for it, though it has ended and another runs", () =>
    Effect.gen(function*() {
      const asked = yield* begunSession(1)
      yield* begunSession(2)
      yield* endedSession(asked)

      yield* receive(letter(1, asked.id))

      assert.deepStrictEqual(yield* openIn(2), [])
      yield* resumedSession(asked)
      assert.deepStrictEqual(yield* openIn(1), [["1", "waiting"]])
    }).pipe(Effect.provide(daemon)))

  it.effect("gives nobody what is addressed to a session that is not known", () =>
    Effect.gen(function*() {
      yield* begunSession(1)

      yield* receive(letter(1, sessionIdOf(9)))

      assert.deepStrictEqual(yield* rowsKept, [])
    }).pipe(Effect.provide(daemon)))

  it.effect("gives a session nothing of another mesh, even where it is addressed to it", () =>
    Effect.gen(function*() {
      const { id } = yield* begunSession(1, { mesh: elsewhere })

      yield* receive(letter(1, id))

      assert.deepStrictEqual(yield* rowsKept, [])
    }).pipe(Effect.provide(daemon)))
})

describe("Surfacing.assign, what another session of this machine says", () => {
  it.effect("goes to the session that it is for, and to no other", () =>
    Effect.gen(function*() {
      const device = memberOf(made, "bob").device
      const asked = yield* begunSession(1, { unprompted: true })
      yield* begunSession(2)
      yield* accepted({ to: [device] })

      yield* receive(
        sealBetween(made, { from: "bob", to: ["bob"], text: "hello" }, {
          draft: { to: [{ device, sseq: 1, session: asked.id }] }
        })
      )

      assert.deepStrictEqual(yield* openIn(1), [["hello", "waiting"]])
      assert.deepStrictEqual(yield* openIn(2), [])
    }).pipe(Effect.provide(daemon)))
})

describe("Surfacing.resume", () => {
  it.effect("gives a session what came for nobody since it ended, and was not read", () =>
    Effect.gen(function*() {
      const session = yield* begunSession(1)
      yield* Effect.andThen(TestClock.adjust("1 second"), endedSession(session))
      yield* receive(letter(1), letter(2), letter(3, sessionIdOf(9)))
      yield* Inbox.use(({ read }) => read([keyOf(2)]))

      yield* resumedSession(session)

      assert.deepStrictEqual(yield* openIn(1), [["1", "waiting"]])
    }).pipe(Effect.provide(daemon)))

  it.effect("gives it nothing that came before", () =>
    Effect.gen(function*() {
      yield* receive(letter(1))
      yield* TestClock.adjust("1 second")
      const session = yield* begunSession(1)
      yield* endedSession(session)

      yield* resumedSession(session)

      assert.deepStrictEqual(yield* openIn(1), [])
    }).pipe(Effect.provide(daemon)))

  it.effect("gives nothing to a session that begins, nor to one that was registered again", () =>
    Effect.gen(function*() {
      const { resume } = yield* Surfacing
      yield* receive(letter(1))

      const fresh = yield* begunSession(1)
      yield* resume(fresh, undefined)
      yield* resumedSession(fresh)

      assert.deepStrictEqual(yield* openIn(1), [])
    }).pipe(Effect.provide(daemon)))

  it.effect.each([
    { what: "in mode inbox", otherwise: { mode: "inbox" } as const },
    { what: "in another mesh", otherwise: { mesh: elsewhere } }
  ])("gives it nothing $what", ({ otherwise }) =>
    Effect.gen(function*() {
      const session = yield* begunSession(1)
      yield* endedSession(session)
      yield* receive(letter(1))

      yield* resumedSession(session, otherwise)

      assert.deepStrictEqual(yield* rowsKept, [])
    }).pipe(Effect.provide(daemon)))

  it.effect("shows a session that is in another mesh now nothing of its old one", () =>
    Effect.gen(function*() {
      const session = yield* begunSession(1)
      yield* receive(letter(1), letter(2, session.id))
      yield* endedSession(session)

      yield* resumedSession(session, { mesh: elsewhere })

      assert.deepStrictEqual(yield* openIn(1), [])
      yield* resumedSession(session, { mesh })
      assert.lengthOf(yield* openIn(1), 2)
    }).pipe(Effect.provide(daemon)))

  it.effect("tells the sender of what is held on the way", () =>
    Effect.gen(function*() {
      const session = yield* begunSession(1, { unprompted: true })
      yield* endedSession(session)
      yield* receive(letter(1))

      yield* resumedSession(session)

      assert.deepStrictEqual(yield* heldNow, [["1", session.id, "unknown_sender"]])
      assert.deepStrictEqual(yield* told, [["held", "unknown_sender"]])
    }).pipe(Effect.provide(daemon)))
})

describe("Surfacing.leave", () => {
  it.effect("gives what is open and addressed to nobody to another session of the mesh", () =>
    Effect.gen(function*() {
      const leaving = yield* begunSession(1)
      yield* receive(letter(1), letter(2), letter(3), letter(4, leaving.id))
      yield* begunSession(2)
      yield* begunSession(3, { mesh: elsewhere })
      yield* report(1, 1, { stage: "surfaced", carrier: "socket" })
      yield* report(1, 2, { stage: "posted", carrier: "socket" })

      yield* endedSession(leaving)

      assert.deepStrictEqual(yield* openIn(2), [["2", "waiting"], ["3", "waiting"]])
      assert.deepStrictEqual(yield* openIn(1), [["4", "waiting"]])
      assert.deepStrictEqual(yield* openIn(3), [])
    }).pipe(Effect.provide(daemon)))

  it.effect("keeps it for the session where no other runs", () =>
    Effect.gen(function*() {
      const leaving = yield* begunSession(1)
      yield* begunSession(2, { mesh: elsewhere })
      yield* receive(letter(1))
      yield* report(1, 1, { stage: "posted", carrier: "socket" })

      yield* endedSession(leaving)

      assert.deepStrictEqual(yield* openIn(1), [["1", "posted"]])
    }).pipe(Effect.provide(daemon)))

  it.effect("tells the sender where the other session may not see it yet", () =>
    Effect.gen(function*() {
      const leaving = yield* begunSession(1)
      yield* receive(letter(1))
      const other = yield* begunSession(2, { unprompted: true })

      yield* endedSession(leaving)

      assert.deepStrictEqual(yield* heldNow, [["1", other.id, "unknown_sender"]])
      assert.deepStrictEqual(yield* told, [["held", "unknown_sender"]])
    }).pipe(Effect.provide(daemon)))
})

describe("Surfacing.report", () => {
  it.effect("moves a message on, never back, and owes each stage once", () =>
    Effect.gen(function*() {
      yield* begunSession(1)
      yield* receive(letter(1))

      const moved = yield* Effect.forEach(
        [
          { stage: "posted", carrier: "socket" },
          { stage: "posted", carrier: "hook" },
          { stage: "surfaced", carrier: "hook" },
          { stage: "posted", carrier: "socket" },
          { stage: "surfaced", carrier: "socket" },
          { stage: "in_context", carrier: "hook" },
          { stage: "surfaced", carrier: "hook" },
          { stage: "in_context", carrier: "hook" }
        ] as const,
        (seen) => report(1, 1, seen)
      )

      assert.deepStrictEqual(moved, [1, 0, 1, 0, 0, 1, 0, 0])
      assert.deepStrictEqual(yield* told, [["in_context", "hook"], ["surfaced", "hook"]])
      assert.deepStrictEqual(yield* rowsKept, [["1", "in_context"]])
    }).pipe(Effect.provide(daemon)))

  it.effect("tells nobody that something was posted, and takes what was surfaced for read", () =>
    Effect.gen(function*() {
      const unread = Inbox.use((inbox) => inbox.unread({ mesh }))
      yield* begunSession(1)
      yield* receive(letter(1))

      yield* report(1, 1, { stage: "posted", carrier: "socket" })
      assert.deepStrictEqual([yield* told, yield* unread], [[], 1])

      yield* report(1, 1, { stage: "surfaced", carrier: "socket" })
      assert.deepStrictEqual([yield* told, yield* unread], [[["surfaced", "socket"]], 0])
    }).pipe(Effect.provide(daemon)))

  it.effect("takes no word of a session for another's message, or for one that is not there", () =>
    Effect.gen(function*() {
      yield* begunSession(1)
      yield* receive(letter(1))
      yield* begunSession(2)

      assert.strictEqual(yield* report(2, 1, { stage: "surfaced", carrier: "socket" }), 0)
      assert.strictEqual(yield* report(1, 9, { stage: "surfaced", carrier: "socket" }), 0)

      assert.deepStrictEqual(yield* told, [])
      assert.deepStrictEqual(yield* openIn(1), [["1", "waiting"]])
    }).pipe(Effect.provide(daemon)))

  it.effect("holds what the agent's client holds, until it is seen in spite of that", () =>
    Effect.gen(function*() {
      const session = yield* begunSession(1)
      yield* receive(letter(1))
      yield* report(1, 1, { stage: "posted", carrier: "socket" })

      yield* report(1, 1, { stage: "held", because: "client_hold" })

      assert.deepStrictEqual(yield* heldNow, [["1", session.id, "client_hold"]])
      yield* report(1, 1, { stage: "surfaced", carrier: "socket" })
      assert.deepStrictEqual(yield* heldNow, [])
      assert.deepStrictEqual(yield* told, [["held", "client_hold"], ["surfaced", "socket"]])
    }).pipe(Effect.provide(daemon)))
})
