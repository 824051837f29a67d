/**
 * The store's clock in Postgres: it follows the database's wall clock, so that brokers agree whose own clocks do not.
 *
 * Of several that write it down the one that is ahead prevails.
 *
 * @module
 */
import { Clock, Effect, Layer } from "effect"
import { runClock } from "../running_clock.ts"
import { StoreClock } from "../store_clock.ts"
import { makeRead, makeTransact } from "./transact.ts"

const WALL_CLOCK = "SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now"

/** Needs a store that has its name, and so its one row. */
export const layer = Layer.effect(
  StoreClock,
  Effect.gen(function*() {
    const transact = yield* makeTransact
    const read = yield* makeRead
    let ahead = 0
    const compare = Effect.gen(function*() {
      const [row] = yield* read(WALL_CLOCK, [])
      ahead = Number(row?.["now"]) - (yield* Clock.currentTimeMillis)
    })
    return yield* runClock({
      ahead: () => ahead,
      read: Effect.andThen(
        compare,
        Effect.map(
          read("SELECT clock, clock_wall FROM store WHERE clock IS NOT NULL", []),
          ([row]) => row && { time: Number(row["clock"]), wall: Number(row["clock_wall"]) }
        )
      ),
      write: ({ time, wall }) =>
        Effect.andThen(
          compare,
          transact((query) =>
            query(
              `UPDATE store SET clock = $1::bigint, clock_wall = $2::bigint
             WHERE clock IS NULL OR clock <= $1::bigint`,
              [Math.round(time), Math.round(wall)]
            )
          )
        )
    })
  })
)
