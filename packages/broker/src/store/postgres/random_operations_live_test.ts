/**
 * Runs the same random operations on SQLite and on Postgres, and compares answers and contents after each.
 *
 * More of them: `CLAUDEMESH_SEQUENCES=2000 CLAUDEMESH_FIRST=1000 npm test -- packages/broker/src/store/postgres/random`.
 *
 * @module
 */
import { layerSeededRandom, withoutPostgres } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Layer } from "effect"
import { BrokerLimits } from "../../broker_limits.ts"
import * as Sqlite from "../sqlite/database.ts"
import { RandomOperations, type Stores } from "../testing/random_operations.ts"
import { smallLimits } from "../testing/unread_rules.ts"
import { freshStores, livePostgres, UNSYNCED } from "./testing/live_postgres.ts"

const SEQUENCES = Number(process.env["CLAUDEMESH_SEQUENCES"] ?? 20)
const FIRST = Number(process.env["CLAUDEMESH_FIRST"] ?? 1)
const OPERATIONS = 50

/** Runs one sequence on both; what it did goes into the message of a failure. */
const compare = Effect.fnUntraced(function*(
  number: number,
  stores: ReadonlyArray<Context.Context<Stores>>
) {
  const operations = new RandomOperations(number)
  const said: Array<string> = []
  for (let step = 0; step < OPERATIONS; step++) {
    const operation = operations.next()
    said.push(operation.said)
    const [sqlite, postgres] = yield* both(operation.run, stores)
    const story = `sequence ${number}:\n${said.join("\n")}`
    assert.deepStrictEqual(postgres, sqlite, story)
    const [left, right] = yield* both(operations.state, stores)
    assert.deepStrictEqual(right, left, story)
    operation.learn?.(sqlite)
  }
})

function both<A, E>(
  effect: Effect.Effect<A, E, Stores>,
  stores: ReadonlyArray<Context.Context<Stores>>
) {
  return Effect.forEach(stores, (context) => Effect.provideContext(effect, context), {
    concurrency: 2
  })
}

const storesOf = Effect.fnUntraced(function*<E>(layer: Layer.Layer<Stores, E>) {
  const limits = Layer.succeed(BrokerLimits, smallLimits)
  return yield* Layer.build(Layer.provide(layer, limits))
})

describe.skipIf(withoutPostgres())("stores on SQLite and on Postgres", () => {
  const { server } = livePostgres(UNSYNCED)

  it.live(
    "answer the same, and hold the same, after every one of any operations",
    () =>
      Effect.gen(function*() {
        const sqlite = Sqlite.layer({ filename: ":memory:" })
        const stores = [
          yield* storesOf(Layer.provide(sqlite, layerSeededRandom("random"))),
          yield* storesOf(freshStores(server))
        ]
        for (let number = FIRST; number < FIRST + SEQUENCES; number++) {
          yield* compare(number, stores)
        }
      }).pipe(Effect.scoped),
    30_000 + SEQUENCES * 3_000
  )
})
