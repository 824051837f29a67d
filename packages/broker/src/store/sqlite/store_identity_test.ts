import { layerSeededRandom } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { mkdtempSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { StoreIdentity } from "../store_identity.ts"
import * as Database from "./database.ts"

function identityIn(directory: string, seed: string) {
  const database = Database.layer({ filename: join(directory, "broker.sqlite") })
  return Effect.provide(StoreIdentity, Layer.provide(database, layerSeededRandom(seed)))
}

function temporaryDirectory(): string {
  return mkdtempSync(join(tmpdir(), "claudemesh-identity-"))
}

describe("StoreIdentity", () => {
  it.effect("keeps its name and its birth when the store is opened again", () =>
    Effect.gen(function*() {
      const directory = temporaryDirectory()
      const first = yield* identityIn(directory, "one")
      yield* TestClock.adjust("1 day")
      const again = yield* identityIn(directory, "two")
      assert.deepStrictEqual([again.epoch, again.bornAt], [first.epoch, first.bornAt])
      assert.match(first.epoch, /^[\w-]{22}$/)
    }))

  it.effect("differs between stores", () =>
    Effect.gen(function*() {
      const one = yield* identityIn(temporaryDirectory(), "one")
      const other = yield* identityIn(temporaryDirectory(), "two")
      assert.notStrictEqual(one.epoch, other.epoch)
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
