import { withoutPostgres } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Option, Stream } from "effect"
import { StoreIdentity } from "../store_identity.ts"
import { livePostgres, storesAt, UNSYNCED } from "./testing/live_postgres.ts"

describe.skipIf(withoutPostgres())("StoreIdentity", () => {
  const { server } = livePostgres(UNSYNCED)

  it.live("hears by itself that another broker has named the store anew, though nobody writes", () =>
    Effect.gen(function*() {
      const { execute, makeDatabase } = yield* server
      const url = yield* makeDatabase
      yield* Effect.gen(function*() {
        const { renames } = yield* StoreIdentity
        const renamed = yield* Effect.forkScoped(Stream.runHead(renames))
        yield* execute(url, "UPDATE store SET epoch = 'another', born_at = 5")

        assert.deepStrictEqual(yield* Fiber.join(renamed), Option.some("another"))
        const { bornAt, epoch } = yield* StoreIdentity
        assert.deepStrictEqual([epoch, bornAt], ["another", 5])
      }).pipe(Effect.scoped, Effect.provide(storesAt(url)))
    }))
})
