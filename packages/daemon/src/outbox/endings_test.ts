import { layerSeededRandom, makeMesh, memberOf } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { accepted } from "../testing/accepted.ts"
import { layerMadeDaemon } from "../testing/made_daemon.ts"
import { outboxStates } from "../testing/rows.ts"
import { admitAll, sign } from "../testing/under_way.ts"
import { makeEndings } from "./endings.ts"

const made = makeMesh("endings", ["ada", "bob"])
const mesh = made.membership.mesh
const bob = memberOf(made, "bob").device
const daemon = Layer.provide(layerMadeDaemon(made, "ada"), layerSeededRandom("endings"))

const sentAndSigned = Effect.gen(function*() {
  const message = yield* accepted({ to: [bob] })
  yield* admitAll
  yield* sign(message, "inboxed")
  yield* TestClock.adjust("1 second")
})

describe("makeEndings.expire", () => {
  it.effect("ends messages after their time, and no receipts", () =>
    Effect.gen(function*() {
      const { expire } = yield* makeEndings
      yield* accepted({ to: [bob], ttl: 1_000 })
      yield* accepted({ to: [bob], ttl: 1_000, class: "receipt" })
      yield* TestClock.adjust("1 second")

      assert.strictEqual(yield* expire, 0)
      yield* TestClock.adjust("1 millis")
      assert.strictEqual(yield* expire, 1)
      assert.deepStrictEqual(yield* outboxStates, [["expired", 0], ["pending", 0]])
    }).pipe(Effect.provide(daemon)))
})

describe("makeEndings.prune", () => {
  it.effect("removes the oldest that have ended, so many at once, and none from that time on", () =>
    Effect.gen(function*() {
      const { prune } = yield* makeEndings
      yield* Effect.replicateEffect(sentAndSigned, 3)
      const before = yield* Clock.currentTimeMillis
      yield* sentAndSigned

      const counts = yield* Effect.replicateEffect(prune(mesh, { before, limit: 2 }), 3)

      assert.deepStrictEqual(counts, [2, 1, 0])
      assert.lengthOf(yield* outboxStates, 1)
    }).pipe(Effect.provide(daemon)))

  it.effect("touches nothing that has not ended", () =>
    Effect.gen(function*() {
      const { expire, prune } = yield* makeEndings
      yield* accepted({ to: [bob], ttl: 1_000 })
      yield* TestClock.adjust("1 day")
      const before = yield* Clock.currentTimeMillis

      assert.strictEqual(yield* prune(mesh, { before, limit: 2 }), 0)
      yield* expire
      assert.strictEqual(yield* prune(mesh, { before, limit: 2 }), 1)
    }).pipe(Effect.provide(daemon)))
})
