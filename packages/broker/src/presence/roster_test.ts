import { limits } from "@claudemesh/protocol"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { sampleDevice, sampleMesh } from "../store/testing/sample.ts"
import { Roster } from "./roster.ts"

const mesh = sampleMesh("m")
const [a, b] = [sampleDevice("a"), sampleDevice("b")]

const statesIn = Roster.use((roster) =>
  Effect.sync(() => roster.snapshot(mesh, [a, b]).map(({ state }) => state))
)

describe("Roster", () => {
  it.effect("knows who is attached, away and gone", () =>
    Effect.gen(function*() {
      const roster = yield* Roster
      yield* TestClock.adjust(limits.leaseMillis)
      assert.deepStrictEqual(yield* statesIn, ["gone", "gone"])
      roster.attached({ mesh, device: a })
      roster.attached({ mesh, device: b })
      roster.lost({ mesh, device: b })
      assert.deepStrictEqual(yield* statesIn, ["attached", "away"])
      yield* TestClock.adjust(limits.leaseMillis)
      roster.takeChanges()
      assert.deepStrictEqual(yield* statesIn, ["attached", "gone"])
    }).pipe(Effect.provide(Roster.layer)))

  it.effect("gives those who may have been attached before it started the time to come back", () =>
    Effect.gen(function*() {
      const roster = yield* Roster
      assert.deepStrictEqual(yield* statesIn, ["away", "away"])
      roster.attached({ mesh, device: a })
      yield* TestClock.adjust(limits.leaseMillis)
      const [change] = roster.takeChanges()
      const news = change?.items.map(({ device, state }) => [device, state])
      assert.deepStrictEqual(news, [[a, "attached"], [b, "gone"]])
    }).pipe(Effect.provide(Roster.layer)))

  it.effect("runs each lease from when its connection was lost", () =>
    Effect.gen(function*() {
      const roster = yield* Roster
      for (const device of [a, b]) roster.attached({ mesh, device })
      roster.lost({ mesh, device: a })
      yield* TestClock.adjust("60 seconds")
      roster.lost({ mesh, device: b })
      roster.attached({ mesh, device: a })
      roster.lost({ mesh, device: a })
      yield* TestClock.adjust("60 seconds")
      roster.takeChanges()
      assert.deepStrictEqual(yield* statesIn, ["away", "away"])
      yield* TestClock.adjust("30 seconds")
      roster.takeChanges()
      assert.deepStrictEqual(yield* statesIn, ["gone", "gone"])
    }).pipe(Effect.provide(Roster.layer)))

  it.effect("hands a change over once, for each mesh apart, and not what cancelled out", () =>
    Effect.gen(function*() {
      const roster = yield* Roster
      const other = sampleMesh("n")
      roster.attached({ mesh, device: a })
      roster.attached({ mesh: other, device: b })
      const changes = roster.takeChanges()
      assert.deepStrictEqual(changes.map((change) => change.mesh), [mesh, other])
      roster.lost({ mesh, device: a })
      roster.attached({ mesh, device: a })
      assert.lengthOf(roster.takeChanges(), 0)
    }).pipe(Effect.provide(Roster.layer)))
})
