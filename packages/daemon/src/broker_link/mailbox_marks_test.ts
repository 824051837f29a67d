import { limits } from "@claudemesh/protocol"
import {
  layerSeededRandom,
  MADE_AT,
  makeMesh,
  memberOf,
  messageIdOf,
  sealBetween
} from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { SqlClient } from "effect/sql"
import { makeCallNumbers } from "../calls/call_numbers.ts"
import { layerMadeDaemon } from "../testing/made_daemon.ts"
import { makeMailboxMarks } from "./mailbox_marks.ts"

const made = makeMesh("mailbox-marks", ["ada", "bob"])
const mesh = made.membership.mesh
const daemon = Layer.provide(layerMadeDaemon(made, "ada"), layerSeededRandom("mailbox-marks"))

/** An entry with that number and message. */
function entry(seq: number, ttl: number = limits.ttlMillisDefault) {
  const letter = { from: "bob", to: ["ada"], text: "hello" }
  return { seq, envelope: sealBetween(made, letter, { draft: { id: messageIdOf(seq), ttl } }) }
}

const DAY = 86_400_000

describe("makeMailboxMarks, what to know a store by", () => {
  it.effect("names the last entry that was read", () =>
    Effect.gen(function*() {
      const { claim, read } = yield* makeMailboxMarks
      assert.deepStrictEqual(yield* claim(mesh, 7), { upto: 7 })

      yield* read(mesh, [entry(8), entry(9)])
      yield* read(mesh, [])

      assert.deepStrictEqual(yield* claim(mesh, 9), {
        upto: 9,
        last: { seq: 9, id: messageIdOf(9) }
      })
    }).pipe(Effect.provide(daemon)))

  it.effect("keeps to the one that is kept for longest, and begins anew when that is over", () =>
    Effect.gen(function*() {
      const { claim, read } = yield* makeMailboxMarks
      yield* read(mesh, [entry(1), entry(2, 20_000)])
      yield* read(mesh, [entry(3, 20_000)])
      assert.strictEqual((yield* claim(mesh, 3)).last?.seq, 1)

      yield* TestClock.setTime(MADE_AT + 8 * DAY)
      assert.deepStrictEqual(yield* claim(mesh, 3), { upto: 0 })
      yield* read(mesh, [entry(4, 20_000)])
      assert.deepStrictEqual(yield* claim(mesh, 4), {
        upto: 4,
        last: { seq: 4, id: messageIdOf(4) }
      })
    }).pipe(Effect.provide(daemon)))
})

describe("makeMailboxMarks, who else attaches", () => {
  it.effect("knows its own attempts, answered or not, from those of others", () =>
    Effect.gen(function*() {
      const { attached, claim } = yield* makeMailboxMarks
      const tried = claim(mesh, 0)
      yield* tried
      assert.isFalse(yield* attached(mesh, { epoch: 40, storeEpoch: "s" }))

      yield* tried
      yield* tried
      assert.isFalse(yield* attached(mesh, { epoch: 42, storeEpoch: "s" }))

      yield* tried
      assert.isTrue(yield* attached(mesh, { epoch: 44, storeEpoch: "s" }))
      yield* tried
      assert.isFalse(yield* attached(mesh, { epoch: 45, storeEpoch: "s" }))
    }).pipe(Effect.provide(daemon)))

  it.effect("cannot tell in another store, whose numbers begin anew", () =>
    Effect.gen(function*() {
      const { attached, claim } = yield* makeMailboxMarks
      yield* claim(mesh, 0)
      yield* attached(mesh, { epoch: 3, storeEpoch: "s" })
      yield* claim(mesh, 0)

      assert.isFalse(yield* attached(mesh, { epoch: 99, storeEpoch: "t" }))
    }).pipe(Effect.provide(daemon)))

  it.effect("goes on above a number in every stream, and never back", () =>
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient
      const { skipTo } = yield* makeMailboxMarks
      const { next } = yield* makeCallNumbers
      const bob = memberOf(made, "bob").device
      yield* next(mesh, bob)

      yield* skipTo(mesh, 40)
      yield* skipTo(mesh, 7)

      assert.strictEqual(yield* next(mesh, bob), 41)
      assert.deepStrictEqual(yield* sql`SELECT sseq_floor FROM meshes`, [{ sseqFloor: 40 }])
    }).pipe(Effect.provide(daemon)))
})
