import { limits } from "@claudemesh/protocol"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { AwakeClock } from "../awake_clock.ts"
import { defaultBrokerLimits } from "../broker_limits.ts"
import { sampleDevice, sampleMesh } from "../store/testing/sample.ts"
import { Roster } from "./roster.ts"

const mesh = sampleMesh("m")
const [a, b] = [sampleDevice("a"), sampleDevice("b")]
const [ofA, ofB] = [{ mesh, device: a }, { mesh, device: b }]
const dropped = { wasSilent: false }

const world = Layer.provide(Roster.layer, AwakeClock.layer)
const steady = TestClock.adjust(defaultBrokerLimits.presenceSteadyMillis)

const statesIn = Roster.use((roster) =>
  Effect.sync(() => roster.snapshot(mesh, [a, b]).map(({ state }) => state))
)

/** What is announced now, in one mesh. */
const newsIn = Roster.use((roster) =>
  Effect.sync(() =>
    roster.takeChanges().flatMap(({ items }) => items.map(({ device, state }) => [device, state]))
  )
)

describe("Roster", () => {
  it.effect("knows who is attached, away and gone", () =>
    Effect.gen(function*() {
      const roster = yield* Roster
      yield* TestClock.adjust(limits.leaseMillis)
      assert.deepStrictEqual(yield* statesIn, ["gone", "gone"])
      for (const mailbox of [ofA, ofB]) roster.attached(mailbox)
      yield* newsIn
      roster.lost(ofB, dropped)
      yield* steady
      assert.deepStrictEqual(yield* newsIn, [[b, "away"]])
      assert.deepStrictEqual(yield* statesIn, ["attached", "away"])
      yield* TestClock.adjust(limits.leaseMillis)
      assert.deepStrictEqual(yield* newsIn, [[b, "gone"]])
      assert.deepStrictEqual(yield* statesIn, ["attached", "gone"])
    }).pipe(Effect.provide(world)))

  it.effect("gives those who may have been attached before it started the time to come back", () =>
    Effect.gen(function*() {
      const roster = yield* Roster
      assert.deepStrictEqual(yield* statesIn, ["away", "away"])
      roster.attached(ofA)
      assert.deepStrictEqual(yield* newsIn, [[a, "attached"]])
      yield* TestClock.adjust(limits.leaseMillis)
      assert.deepStrictEqual(yield* newsIn, [[b, "gone"]])
    }).pipe(Effect.provide(world)))

  it.effect("runs each lease from when its connection was lost", () =>
    Effect.gen(function*() {
      const roster = yield* Roster
      for (const mailbox of [ofA, ofB]) roster.attached(mailbox)
      roster.lost(ofA, dropped)
      yield* TestClock.adjust("60 seconds")
      roster.lost(ofB, dropped)
      roster.attached(ofA)
      roster.lost(ofA, dropped)
      yield* TestClock.adjust("60 seconds")
      yield* newsIn
      assert.deepStrictEqual(yield* statesIn, ["away", "away"])
      yield* TestClock.adjust("30 seconds")
      yield* newsIn
      assert.deepStrictEqual(yield* statesIn, ["gone", "gone"])
    }).pipe(Effect.provide(world)))

  it.effect("hands a change over once, for each mesh apart", () =>
    Effect.gen(function*() {
      const roster = yield* Roster
      const other = sampleMesh("n")
      roster.attached(ofA)
      roster.attached({ mesh: other, device: b })
      const changes = roster.takeChanges()
      assert.deepStrictEqual(changes.map((change) => change.mesh), [mesh, other])
      assert.lengthOf(roster.takeChanges(), 0)
    }).pipe(Effect.provide(world)))

  it.effect("shows what has lasted for a while, and nothing of a link that flaps", () =>
    Effect.gen(function*() {
      const roster = yield* Roster
      roster.attached(ofA)
      yield* newsIn
      for (let drop = 0; drop < 20; drop++) {
        roster.lost(ofA, dropped)
        yield* TestClock.adjust("3 seconds")
        assert.lengthOf(yield* newsIn, 0)
        assert.strictEqual((yield* statesIn)[0], "attached")
        roster.attached(ofA)
        yield* TestClock.adjust("1 second")
        assert.lengthOf(yield* newsIn, 0)
      }
    }).pipe(Effect.provide(world)))

  it.effect("shows one who was away as back once it has stayed", () =>
    Effect.gen(function*() {
      const roster = yield* Roster
      roster.attached(ofA)
      yield* newsIn
      for (let drop = 0; drop < 10; drop++) {
        roster.lost(ofA, dropped)
        yield* TestClock.adjust("20 seconds")
        assert.deepStrictEqual(yield* newsIn, drop === 0 ? [[a, "away"]] : [])
        roster.attached(ofA)
        yield* TestClock.adjust("2 seconds")
        assert.lengthOf(yield* newsIn, 0)
      }
      yield* steady
      assert.deepStrictEqual(yield* newsIn, [[a, "attached"]])
    }).pipe(Effect.provide(world)))

  it.effect("shows at once that one is away from whom nothing has come for long", () =>
    Effect.gen(function*() {
      const roster = yield* Roster
      roster.attached(ofA)
      yield* newsIn
      roster.lost(ofA, { wasSilent: true })
      assert.deepStrictEqual(yield* newsIn, [[a, "away"]])
    }).pipe(Effect.provide(world)))
})
