/**
 * A broker's store in a Postgres server of the run's own, watched by triggers as those of SQLite are.
 *
 * @module
 */
import { TemporaryPostgres } from "@claudemesh/testkit"
import { Context, Effect, Layer } from "effect"
import type { BrokerStore } from "./broker_store.ts"
import type { BrokerFact, Witnessed } from "./witness.ts"

const EMPTY = "DROP SCHEMA public CASCADE; CREATE SCHEMA public"

/** Of which table an insert is which event, its members in SQL. */
const EVENTS = {
  admitted: { table: "dedupes", members: "'sender', device, 'id', new.id, 'attempt', new.attempt" },
  placed: { table: "entries", members: "'device', device, 'seq', new.seq" }
}

const WATCH = [
  `CREATE TABLE chaos_witness (
    number bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    at bigint NOT NULL,
    event json NOT NULL
  )`,
  ...Object.entries(EVENTS).flatMap(([type, { members, table }]) => [
    `CREATE FUNCTION chaos_${type}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      INSERT INTO chaos_witness (at, event)
        SELECT floor(extract(epoch FROM clock_timestamp()) * 1000),
          json_build_object('type', '${type}', 'broker', 'broker', 'mesh', mesh, ${members})
        FROM devices WHERE num = new.num;
      RETURN NULL;
    END $$`,
    `CREATE TRIGGER chaos_${type} AFTER INSERT ON ${table}
      FOR EACH ROW EXECUTE FUNCTION chaos_${type}()`
  ])
].join(";\n")

const READ =
  `SELECT coalesce(json_agg(json_build_object('at', at, 'event', event) ORDER BY number), '[]')
  FROM chaos_witness`

/** A server of its own, with an empty database; the directory is for what the broker keeps beside it. */
export const makePostgresStore = Effect.fnUntraced(function*(directory: string) {
  const context = yield* Layer.build(TemporaryPostgres.layer())
  const { execute, makeDatabase, start, stop } = Context.get(context, TemporaryPostgres)
  const url = yield* makeDatabase
  const store: BrokerStore = {
    args: ["--data", directory, "--database", url],
    watch: Effect.asVoid(execute(url, WATCH)),
    read: Effect.map(
      execute(url, READ),
      (json): ReadonlyArray<Witnessed<BrokerFact>> => JSON.parse(json)
    ),
    wipe: Effect.asVoid(execute(url, EMPTY)),
    restart: (ending, millis) =>
      stop(ending).pipe(Effect.andThen(Effect.sleep(millis)), Effect.andThen(start))
  }
  return store
})
