import { type Addressee, DeviceId, MeshId } from "@claudemesh/protocol"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { layerMigratedDatabase } from "../testing/migrated_database.ts"
import { makeStreams } from "./streams.ts"

const mesh = MeshId.make(`m_${"a".repeat(26)}`)
const sender = DeviceId.make(`d_${"a".repeat(26)}`)
const other = DeviceId.make(`d_${"b".repeat(26)}`)
const device = DeviceId.make(`d_${"c".repeat(26)}`)

/** What became of the numbers, in the order they came: how many before each are missing, or why it was refused. */
const taken = Effect.fnUntraced(function*(places: ReadonlyArray<Omit<Addressee, "device">>) {
  const { take } = yield* makeStreams
  return yield* Effect.forEach(
    places,
    (place) =>
      Effect.map(
        take(mesh, sender, { device, ...place }),
        (taken) => typeof taken === "string" ? taken : taken.missing
      )
  )
})

describe("makeStreams", () => {
  it.effect("takes each number once, and none that is lower than one that has come", () =>
    Effect.gen(function*() {
      const places = [{ sseq: 1 }, { sseq: 3 }, { sseq: 3 }, { sseq: 2 }, { sseq: 4 }]
      assert.deepStrictEqual(yield* taken(places), [0, 0, "replayed", "replayed", 0])
    }).pipe(Effect.provide(layerMigratedDatabase())))

  it.effect("lets none come before the one that it says is still to come", () =>
    Effect.gen(function*() {
      const second = { sseq: 2, after: 1 }
      assert.deepStrictEqual(
        yield* taken([second, { sseq: 1 }, second, { sseq: 9, after: 7 }, { sseq: 9, after: 2 }]),
        ["out_of_order", 0, 0, "out_of_order", 0]
      )
    }).pipe(Effect.provide(layerMigratedDatabase())))

  it.effect("says of those that ended on their way how many there are, once", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(
        yield* taken([{ sseq: 3, ended: 2 }, { sseq: 5, ended: 1 }, { sseq: 6, ended: 1 }]),
        [2, 1, 0]
      )
    }).pipe(Effect.provide(layerMigratedDatabase())))

  it.effect("takes no number that was skipped for one that is missing", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* taken([{ sseq: 5 }, { sseq: 900, ended: 1 }]), [0, 1])
    }).pipe(Effect.provide(layerMigratedDatabase())))

  it.effect("keeps streams of other senders apart", () =>
    Effect.gen(function*() {
      const { take } = yield* makeStreams
      yield* take(mesh, sender, { device, sseq: 2 })

      assert.deepStrictEqual(yield* take(mesh, other, { device, sseq: 2 }), { missing: 0 })
    }).pipe(Effect.provide(layerMigratedDatabase())))
})
