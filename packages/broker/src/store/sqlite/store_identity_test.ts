import { layerSeededRandom } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { copyFileSync } from "node:fs"
import { join } from "node:path"
import { temporaryDirectory } from "../../testing/temporary_directory.ts"
import { StoreIdentity } from "../store_identity.ts"
import { StoreWitness, type StoreWitnessed } from "../store_witness.ts"
import * as Database from "./database.ts"

function identityIn(directory: string, seed: string) {
  const database = Database.layer({ filename: join(directory, "broker.sqlite") })
  return Effect.provide(StoreIdentity, Layer.provide(database, layerSeededRandom(seed)))
}

/** A witness that remembers, and whose host is started again at will. */
function makeWitness() {
  let boot = "boot 1"
  let lastRun: string | undefined
  const witness: StoreWitnessed = {
    get boot() {
      return boot
    },
    lastRun: Effect.sync(() => lastRun),
    noteRun: (run) => Effect.sync(() => void (lastRun = run))
  }
  return { witness, startHostAgain: () => void (boot = "boot 2") }
}

/** Runs the store in the directory once. */
function runOnce(directory: string, witness: StoreWitnessed, seed: string) {
  return Effect.provideService(identityIn(directory, seed), StoreWitness, witness)
}

/** Runs the store, and takes what a crash in the middle of it would leave. */
function copiedWhileOpen(directory: string, copy: string, witness: StoreWitnessed) {
  const database = Database.layer({ filename: join(directory, "broker.sqlite") })
  return StoreIdentity.use(() =>
    Effect.sync(() => {
      for (const name of ["broker.sqlite", "broker.sqlite-wal"]) {
        copyFileSync(join(directory, name), join(copy, name))
      }
    })
  ).pipe(
    Effect.provide(Layer.provide(database, layerSeededRandom("two"))),
    Effect.provideService(StoreWitness, witness)
  )
}

describe("StoreIdentity", () => {
  it.effect("keeps its name and its birth when the store is opened again", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      const first = yield* identityIn(directory, "one")
      yield* TestClock.adjust("1 day")
      const again = yield* identityIn(directory, "two")
      assert.deepStrictEqual([again.epoch, again.bornAt], [first.epoch, first.bornAt])
      assert.match(first.epoch, /^[\w-]{22}$/)
    }))

  it.effect("differs between stores", () =>
    Effect.gen(function*() {
      const one = yield* identityIn(yield* temporaryDirectory, "one")
      const other = yield* identityIn(yield* temporaryDirectory, "two")
      assert.notStrictEqual(one.epoch, other.epoch)
    }))

  it.effect("keeps its name over a restart of the host that came after a clean stop", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      const { startHostAgain, witness } = makeWitness()
      const first = yield* runOnce(directory, witness, "one")
      startHostAgain()
      const again = yield* runOnce(directory, witness, "two")
      assert.strictEqual(again.epoch, first.epoch)
    }))

  it.effect("gets another name if the host was started again without a clean stop", () =>
    Effect.gen(function*() {
      const [directory, crashed] = [yield* temporaryDirectory, yield* temporaryDirectory]
      const { startHostAgain, witness } = makeWitness()
      const first = yield* runOnce(directory, witness, "one")
      yield* copiedWhileOpen(directory, crashed, witness)
      yield* TestClock.adjust("1 day")
      startHostAgain()
      const again = yield* runOnce(crashed, witness, "three")
      assert.notStrictEqual(again.epoch, first.epoch)
      assert.strictEqual(again.bornAt, first.bornAt)
    }))

  it.effect("keeps its name when only the process was killed", () =>
    Effect.gen(function*() {
      const [directory, crashed] = [yield* temporaryDirectory, yield* temporaryDirectory]
      const { witness } = makeWitness()
      const first = yield* runOnce(directory, witness, "one")
      yield* copiedWhileOpen(directory, crashed, witness)
      const again = yield* runOnce(crashed, witness, "three")
      assert.strictEqual(again.epoch, first.epoch)
    }))

  it.effect("is born again as a copy that is put back, whose later history may be given back", () =>
    Effect.gen(function*() {
      const [directory, copy] = [yield* temporaryDirectory, yield* temporaryDirectory]
      const { witness } = makeWitness()
      const first = yield* runOnce(directory, witness, "one")
      copyFileSync(join(directory, "broker.sqlite"), join(copy, "broker.sqlite"))
      yield* runOnce(directory, witness, "two")
      yield* TestClock.adjust("1 day")
      const again = yield* runOnce(copy, witness, "three")
      assert.notStrictEqual(again.epoch, first.epoch)
      assert.strictEqual(again.bornAt, first.bornAt + 86_400_000)
      assert.strictEqual((yield* runOnce(copy, witness, "four")).epoch, again.epoch)
    }))

  it.effect("says whether the store can be written", () =>
    Effect.gen(function*() {
      const { isWritable } = yield* StoreIdentity
      assert.isTrue(yield* isWritable)
    }).pipe(
      Effect.provide(
        Layer.provide(Database.layer({ filename: ":memory:" }), layerSeededRandom("w"))
      )
    ))
})
