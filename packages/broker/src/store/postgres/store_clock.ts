/**
 * The store's clock in Postgres. Of several brokers that write it down the one that is ahead prevails.
 *
 * @module
 */
import { Effect, Layer } from "effect"
import { runClock } from "../running_clock.ts"
import { StoreClock } from "../store_clock.ts"
import { makeRead, makeTransact } from "./transact.ts"

/** Needs a store that has its name, and so its one row. */
export const layer = Layer.effect(
  StoreClock,
  Effect.gen(function*() {
    const transact = yield* makeTransact
    const read = yield* makeRead
    return yield* runClock({
      read: Effect.map(
        read("SELECT clock, clock_wall FROM store WHERE clock IS NOT NULL", []),
        ([row]) => row && { time: Number(row["clock"]), wall: Number(row["clock_wall"]) }
      ),
      write: ({ time, wall }) =>
        Effect.asVoid(transact((query) =>
          query(
            `UPDATE store SET clock = $1::bigint, clock_wall = $2::bigint
             WHERE clock IS NULL OR clock <= $1::bigint`,
            [Math.round(time), Math.round(wall)]
          )
        ))
    })
  })
)
