import { MeshId } from "@claudemesh/protocol"
import type { OutboxState } from "@claudemesh/protocol/local_api"
import { layerSeededRandom, makeMesh, memberOf } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { SqlClient } from "effect/sql"
import { accepted } from "../testing/accepted.ts"
import { layerMadeDaemon } from "../testing/made_daemon.ts"
import { makeOutboxList, type OutboxQuery } from "./outbox_list.ts"

const made = makeMesh("outbox-list", ["ada", "bob"])
const mesh = made.membership.mesh
const bob = memberOf(made, "bob").device
const daemon = Layer.provide(layerMadeDaemon(made, "ada"), layerSeededRandom("outbox-list"))

const STATES: ReadonlyArray<OutboxState> = [
  "delivered",
  "dead",
  "admitted",
  "expired",
  "aborted",
  "sending",
  "pending"
]

/** A message in each state, in that order, and a receipt that waits. */
const oneOfEach = Effect.gen(function*() {
  const sql = yield* SqlClient.SqlClient
  for (const state of STATES) {
    const { id } = yield* accepted({ to: [bob] })
    yield* sql`UPDATE outbox SET state = ${state} WHERE id = ${id}`
  }
  yield* accepted({ to: [bob], class: "receipt" })
})

const listed = Effect.fnUntraced(function*(query: Partial<OutboxQuery>) {
  const { list } = yield* makeOutboxList
  const rows = yield* list({ mesh: undefined, state: undefined, limit: 10, ...query })
  return rows.map(({ state }) => state)
})

describe("makeOutboxList.list", () => {
  it.effect("has what is on its way, in the order of acceptance, and no receipts", () =>
    Effect.gen(function*() {
      yield* oneOfEach

      assert.deepStrictEqual(yield* listed({}), ["admitted", "sending", "pending"])
      assert.deepStrictEqual(yield* listed({ limit: 2 }), ["sending", "pending"])
    }).pipe(Effect.provide(daemon)))

  it.effect("has what is in one state, whichever, or in any", () =>
    Effect.gen(function*() {
      yield* oneOfEach

      for (const state of STATES) assert.deepStrictEqual(yield* listed({ state }), [state])
      assert.deepStrictEqual(yield* listed({ state: "any" }), STATES)
    }).pipe(Effect.provide(daemon)))

  it.effect("has what is of one mesh", () =>
    Effect.gen(function*() {
      yield* oneOfEach

      assert.lengthOf(yield* listed({ mesh }), 3)
      assert.lengthOf(yield* listed({ mesh: MeshId.make(`m_${"a".repeat(26)}`) }), 0)
    }).pipe(Effect.provide(daemon)))
})

describe("makeOutboxList.failed", () => {
  it.effect("counts what has ended without arriving", () =>
    Effect.gen(function*() {
      const { failed } = yield* makeOutboxList
      yield* oneOfEach

      assert.strictEqual(yield* failed(undefined), 2)
      assert.strictEqual(yield* failed(mesh), 2)
      assert.strictEqual(yield* failed(MeshId.make(`m_${"a".repeat(26)}`)), 0)
    }).pipe(Effect.provide(daemon)))
})
