import { layerSeededRandom } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { join } from "node:path"
import { temporaryDirectory } from "../../testing/temporary_directory.ts"
import { StoreClock } from "../store_clock.ts"
import * as Database from "./database.ts"

const MADE = 1_767_225_600_000
const TEN_YEARS = 315_360_000_000
const MINUTE = 60_000

const DAY = 86_400_000

/** One run of the store: its clock at the start, and after what happens, when it is written down. */
function run(directory: string, happens: Effect.Effect<void>) {
  const database = Database.layer({ filename: join(directory, "broker.sqlite") })
  return Effect.gen(function*() {
    const clock = yield* StoreClock
    const first = clock.now()
    yield* happens
    const last = clock.now()
    yield* clock.keep
    return [first - MADE, last - MADE]
  }).pipe(Effect.provide(Layer.fresh(Layer.provide(database, layerSeededRandom("clock")))))
}

const twoMinutes = TestClock.adjust("2 minutes")

/** Moves the wall clock between two runs. */
function jump(millis: number) {
  return Effect.flatMap(Clock.currentTimeMillis, (now) => TestClock.setTime(now + millis))
}

/** A clock whose two hands a test moves, each in milliseconds. */
function clockOf(hands: { readonly wall: number; readonly monotonic: number }) {
  return Effect.map(Clock.Clock, (clock) =>
    Object.assign({}, clock, {
      currentTimeMillisUnsafe: () => hands.wall,
      currentTimeMillis: Effect.sync(() => hands.wall),
      monotonicTimeNanosUnsafe: () => BigInt(hands.monotonic) * 1_000_000n
    }))
}

describe("StoreClock", () => {
  it.effect("goes on between runs as the wall clock does", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      yield* TestClock.setTime(MADE)
      assert.deepStrictEqual(yield* run(directory, twoMinutes), [0, 2 * MINUTE])
      yield* jump(60 * MINUTE)
      assert.deepStrictEqual(yield* run(directory, twoMinutes), [62 * MINUTE, 64 * MINUTE])
    }))

  it.effect("passes no faster for being asked often, and takes no jump in a run at its word", () =>
    Effect.gen(function*() {
      const hands = { wall: MADE, monotonic: 0 }
      const withHands = Layer.effect(Clock.Clock, clockOf(hands))
      const looks = Effect.gen(function*() {
        const clock = yield* StoreClock
        for (let look = 0; look < 1_000; look++) {
          hands[look % 2 === 0 ? "wall" : "monotonic"] += 1
          clock.now()
        }
        const often = clock.now()
        hands.wall += TEN_YEARS
        const ahead = clock.now()
        hands.wall -= TEN_YEARS
        return [often - MADE, ahead - often, clock.now() - ahead]
      })
      const database = Database.layer({ filename: ":memory:" })
      const world = Layer.provide(database, [layerSeededRandom("clock"), withHands])
      assert.deepStrictEqual(yield* Effect.provide(looks, world), [500, DAY, 0])
    }))

  it.effect("takes ten years for a day, and the way back for nothing", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      yield* TestClock.setTime(MADE)
      yield* run(directory, twoMinutes)
      yield* jump(TEN_YEARS)
      const later = DAY + 2 * MINUTE
      assert.deepStrictEqual(yield* run(directory, twoMinutes), [later, later + 2 * MINUTE])
      yield* jump(-TEN_YEARS)
      const [first] = yield* run(directory, twoMinutes)
      assert.strictEqual(first, later + 2 * MINUTE)
    }))
})
