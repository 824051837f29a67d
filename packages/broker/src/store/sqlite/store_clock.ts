/**
 * The store's clock in SQLite.
 *
 * @module
 */
import type { Prepare } from "@claudemesh/sqlite"
import { Effect, Layer } from "effect"
import { type Kept, runClock } from "../running_clock.ts"
import { StoreClock } from "../store_clock.ts"
import { StoreIdentity } from "../store_identity.ts"
import { makeTransact } from "./transact.ts"

/** Needs a store that has its name, and so its one row. */
export const layer = Layer.effect(
  StoreClock,
  Effect.gen(function*() {
    yield* StoreIdentity
    const transact = yield* makeTransact
    return yield* runClock({
      read: transact(kept),
      write: ({ time, wall }) =>
        transact((prepare) =>
          void prepare("UPDATE store SET clock = ?, clock_wall = ?").run(time, wall)
        )
    })
  })
)

function kept(prepare: Prepare): Kept | undefined {
  const row = prepare("SELECT clock, clock_wall FROM store WHERE clock IS NOT NULL").get()
  return row && { time: Number(row["clock"]), wall: Number(row["clock_wall"]) }
}
