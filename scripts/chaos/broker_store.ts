/**
 * Where a broker keeps what it stores, as seen by whoever watches it and takes it away.
 *
 * @module
 */
import { Effect } from "effect"
import { existsSync, rmSync } from "node:fs"
import { type BrokerFact, readBroker, watchBroker, type Witnessed } from "./witness.ts"

/** A broker's store. It is watched once a broker has made it; it is read and wiped while the broker is down. */
export interface BrokerStore {
  /** What `broker serve` is told of it. */
  readonly args: ReadonlyArray<string>
  /** Has it tell of its commits. */
  readonly watch: Effect.Effect<void>
  /** What it has told. */
  readonly read: Effect.Effect<ReadonlyArray<Witnessed<BrokerFact>>>
  /** Deletes everything. */
  readonly wipe: Effect.Effect<void>
  /** Ends the database server, waits, and starts it again; nothing where there is none. */
  readonly restart: (ending: "fast" | "immediate", millis: number) => Effect.Effect<void>
}

/** A directory with a file of SQLite. */
export function sqliteStore(directory: string): BrokerStore {
  const filename = `${directory}/broker.sqlite`
  return {
    args: ["--data", directory],
    watch: Effect.sync(() => watchBroker(filename)),
    read: Effect.sync(() => (existsSync(filename) ? readBroker(filename) : [])),
    wipe: Effect.sync(() => rmSync(directory, { recursive: true, force: true })),
    restart: () => Effect.void
  }
}
