/**
 * Stores on a real Postgres for live tests: one server for a file of tests, an empty database for each test.
 *
 * @module
 */
import { layerSeededRandom, TemporaryPostgres } from "@claudemesh/testkit"
import { afterAll } from "@effect/vitest"
import {
  Context,
  Effect,
  Layer,
  ManagedRuntime,
  Option,
  Redacted,
  References,
  Result
} from "effect"
import * as Database from "../database.ts"
import { readDatabaseUrl } from "../database_url.ts"

/** For tests of what is done, not of what survives: with a disk that is waited for they take many times as long. */
export const UNSYNCED = { fsync: "off" }

/** Starts the server with the first test that needs it, and ends it after the last; called once by a file. */
export function livePostgres(
  settings?: Readonly<Record<string, string>>
): { readonly server: Effect.Effect<TemporaryPostgres["Service"]> } {
  const runtime = ManagedRuntime.make(TemporaryPostgres.layer(settings))
  afterAll(() => runtime.dispose())
  const context = Effect.promise(() => runtime.context())
  return { server: Effect.map(context, Context.get(TemporaryPostgres)) }
}

/** The stores of one broker in an empty database. */
export function freshStores(server: Effect.Effect<TemporaryPostgres["Service"]>) {
  return Layer.unwrap(
    Effect.map(Effect.flatMap(server, ({ makeDatabase }) => makeDatabase), (url) => storesAt(url))
  )
}

/** The stores of one broker in the database of a URL; a server that does not sync is no news to a test. */
export function storesAt(url: string, seed = "stores") {
  return Layer.provide(Database.layer(addressOf(url)), [layerSeededRandom(seed), quiet])
}

const quiet = Layer.succeed(References.MinimumLogLevel, "Error")

/** The address, as the command line would read it. */
export function addressOf(url: string) {
  return Result.getOrThrow(readDatabaseUrl(Redacted.make(url), Option.none()))
}
