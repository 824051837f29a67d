import { layerSeededRandom, makeMesh, memberOf, messageIdOf } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Option } from "effect"
import { SqlClient } from "effect/sql"
import { Inbox } from "../inbox/inbox.ts"
import { arrived } from "../testing/arrived.ts"
import { layerMadeDaemon } from "../testing/made_daemon.ts"
import { begunSession } from "../testing/made_sessions.ts"
import { isCarrier, isHeldReason, makeSurfacingRows } from "./surfacing_rows.ts"

const made = makeMesh("surfacing_rows", ["ada", "bob", "cy"])
const mesh = made.membership.mesh
const elsewhere = makeMesh("surfacing_rows-2", ["ada"]).membership.mesh
const bob = memberOf(made, "bob").device
const cy = memberOf(made, "cy").device
const daemon = Layer.provide(layerMadeDaemon(made, "ada"), layerSeededRandom("surfacing_rows"))

const [first, second] = [bob, cy].map((sender) => ({ mesh, sender, id: messageIdOf(1) }))

/** Two messages of one id, of two senders. */
const both = Effect.gen(function*() {
  if (first === undefined || second === undefined) return yield* Effect.die("there are two")
  yield* Effect.forEach([first, second], arrived)
  const rows = yield* Inbox.use(({ list }) => list({ mesh, unread: false, limit: 10 }))
  return { first, second, positions: rows.map(({ position }) => position) }
})

describe("makeSurfacingRows", () => {
  it.effect("finds a message by its mesh, its sender and its id", () =>
    Effect.gen(function*() {
      const { find, put } = yield* makeSurfacingRows
      const { first, positions: [position = 0], second } = yield* both
      const { id } = yield* begunSession(1)

      yield* put({ position, session: id, state: "posted", detail: "hook", changedAt: 7 })

      assert.deepInclude(Option.getOrThrow(yield* find(first)), {
        sender: bob,
        text: "hello",
        shownTo: id,
        session: null,
        state: "posted",
        detail: "hook",
        changedAt: 7
      })
      assert.isTrue(Option.isNone(yield* find(second)))
      assert.isTrue(Option.isNone(yield* find({ ...first, mesh: elsewhere })))
    }).pipe(Effect.provide(daemon)))

  it.effect("has a message once, with the session that it went to last", () =>
    Effect.gen(function*() {
      const { open, put } = yield* makeSurfacingRows
      const { positions: [position = 0] } = yield* both
      const one = yield* begunSession(1)
      const other = yield* begunSession(2)
      const row = {
        position,
        session: one.id,
        state: "waiting",
        detail: null,
        changedAt: 0
      } as const

      yield* put(row)
      yield* put({ ...row, session: other.id })

      assert.deepStrictEqual(yield* open(one.id), [])
      assert.deepStrictEqual((yield* open(other.id)).map(({ position }) => position), [position])
    }).pipe(Effect.provide(daemon)))

  it.effect("tells what none is shown, since a time", () =>
    Effect.gen(function*() {
      const { put, unshown } = yield* makeSurfacingRows
      const { positions: [position = 0, other = 0] } = yield* both
      const { activeAt, id } = yield* begunSession(1)
      yield* put({ position, session: id, state: "dropped", detail: null, changedAt: 0 })

      assert.deepStrictEqual(
        (yield* unshown(mesh, activeAt)).map(({ position }) => position),
        [other]
      )
      assert.lengthOf(yield* unshown(mesh, activeAt + 1), 0)
      assert.lengthOf(yield* unshown(elsewhere, 0), 0)
    }).pipe(Effect.provide(daemon)))

  it.effect("lets a sender in as often as a human says so", () =>
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient
      const { letIn } = yield* makeSurfacingRows
      const { first } = yield* both

      yield* letIn(first, 1)
      yield* letIn(first, 2)

      assert.deepStrictEqual(yield* sql`SELECT * FROM accepted_senders`.values, [[mesh, bob, 2]])
    }).pipe(Effect.provide(daemon)))
})

describe("isHeldReason, isCarrier", () => {
  it("tell a reason from a carrier, and both from whatever a peer says", () => {
    assert.deepStrictEqual(["loop", "socket", "quota", null].map((text) => isHeldReason(text)), [
      true,
      false,
      false,
      false
    ])
    assert.deepStrictEqual(["loop", "socket", "quota", null].map((text) => isCarrier(text)), [
      false,
      true,
      false,
      false
    ])
  })
})
