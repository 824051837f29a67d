import { PgClient } from "@effect/sql-pg"
import { layerSeededRandom, withoutPostgres } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Option, Redacted, Result } from "effect"
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { StoreIdentity } from "../store_identity.ts"
import * as Database from "./database.ts"
import { readDatabaseUrl } from "./database_url.ts"
import { RandomOperations } from "../testing/random_operations.ts"
import { addressOf, livePostgres, storesAt } from "./testing/live_postgres.ts"

/** How a broker is refused at its start. */
function refusalAt(url: string, password?: string) {
  const given = Option.map(Option.fromUndefinedOr(password), (text) => Redacted.make(text))
  const address = Result.getOrThrow(readDatabaseUrl(Redacted.make(url), given))
  const stores = Layer.provide(Database.layer(address), layerSeededRandom("refused"))
  return Effect.flip(Effect.scoped(Layer.build(Layer.fresh(stores))))
}

describe.skipIf(withoutPostgres())("Database", () => {
  const { server } = livePostgres()

  it.live("refuses what cannot be reached, lets nobody in, or is not there", () =>
    Effect.gen(function*() {
      const { makeDatabase } = yield* server
      const url = yield* makeDatabase
      const codes = yield* Effect.forEach([
        "postgres://me@localhost/mail?host=%2Fnowhere%2Fat%2Fall",
        url.replace("claudemesh@", "nobody-knows-me@"),
        url.replace(/database_\d+/, "never_made")
      ], (url) => Effect.map(refusalAt(url), ({ code }) => code))

      assert.deepStrictEqual(codes, [
        "database_unreachable",
        "database_denied",
        "database_unusable"
      ])
    }))

  it.live("does without a server that has no TLS where TLS is insisted on", () =>
    Effect.gen(function*() {
      const url = new URL(yield* (yield* server).makeDatabase)
      url.searchParams.set("sslmode", "require")
      const refusal = yield* refusalAt(url.href)

      assert.strictEqual(refusal.code, "database_unreachable")
      assert.match(refusal.message, /sslmode=require.*: The server does not support TLS$/)
    }))

  it.live("refuses a wrong password without saying it, and takes the right one", () =>
    Effect.gen(function*() {
      const { dataDirectory, execute, makeDatabase } = yield* server
      const url = yield* makeDatabase
      yield* execute(url, "CREATE ROLE mail LOGIN SUPERUSER PASSWORD 'right'")
      yield* Effect.sync(() => askForPassword(dataDirectory, "mail"))
      yield* execute(url, "SELECT pg_reload_conf()")
      const asMail = url.replace("claudemesh@", "mail@")
      const wrong = yield* refusalAt(asMail, "very wrong")
      const none = yield* refusalAt(asMail)

      assert.deepStrictEqual([wrong.code, none.code], ["database_denied", "database_denied"])
      assert.notInclude(wrong.message, "very wrong")
      const right = asMail.replace("mail@", "mail:right@")
      yield* Effect.scoped(Layer.build(Layer.fresh(storesAt(right))))
    }))

  it.live("keeps nothing in a session: each statement or transaction may have another, as behind a pooler", () =>
    Effect.gen(function*() {
      const { makeDatabase } = yield* server
      const address = addressOf(yield* makeDatabase)
      const client = PgClient.layer({ ...address.connection, connectionTTL: 0, prepare: false })
      const stores = Database.layerOn(address, client)
      const operations = new RandomOperations(1)
      yield* Effect.gen(function*() {
        for (let step = 0; step < 40; step++) {
          const { learn, run } = operations.next()
          const answer = yield* run
          learn?.(answer)
        }
      }).pipe(Effect.provide(Layer.provide(stores, layerSeededRandom("sessions"))))
    }))

  it.live("can be written, or says that it cannot while the server is away", () =>
    Effect.gen(function*() {
      const { makeDatabase, start, stop } = yield* server
      yield* Effect.gen(function*() {
        const { isWritable } = yield* StoreIdentity
        assert.isTrue(yield* isWritable)
        yield* stop("fast")
        yield* Effect.repeat(isWritable, { until: (is) => !is }).pipe(Effect.timeout("10 seconds"))
        yield* start
        yield* Effect.repeat(isWritable, { until: (is) => is }).pipe(Effect.timeout("10 seconds"))
      }).pipe(Effect.provide(storesAt(yield* makeDatabase)))
    }))
})

/** The server asks this role, and nobody else. */
function askForPassword(dataDirectory: string, role: string): void {
  const file = join(dataDirectory, "pg_hba.conf")
  writeFileSync(file, `local all ${role} scram-sha-256\n${readFileSync(file, "utf8")}`)
}
