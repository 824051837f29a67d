import { withoutPostgres } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer, Option, Stream } from "effect"
import { spawnSync } from "node:child_process"
import { randomUUID } from "node:crypto"
import { appendFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { StoreClock } from "../store_clock.ts"
import { StoreIdentity } from "../store_identity.ts"
import { StoreWitness, type StoreWitnessed } from "../store_witness.ts"
import { livePostgres, storesAt, UNSYNCED } from "./testing/live_postgres.ts"

/** The name that the store has in one run of a broker. */
function nameAt(url: string, seed: string, witness?: StoreWitnessed) {
  return Effect.map(StoreIdentity, ({ epoch }) => epoch).pipe(
    Effect.provide(Layer.fresh(storesAt(url, seed))),
    Effect.provideService(StoreWitness, witness)
  )
}

function makeWitness(): StoreWitnessed {
  let last: string | undefined
  return {
    boot: undefined,
    lastRun: Effect.sync(() => last),
    noteRun: (run) => Effect.sync(() => void (last = run))
  }
}

/** Writes something, so that the database is looked at, however that ends. */
const write = Effect.ignore(StoreClock.use(({ keep }) => keep))

/** Has a server that is stopped end a recovery on a new timeline when it starts, as a standby does that takes over. */
function promoteAtNextStart(dataDirectory: string): void {
  writeFileSync(join(dataDirectory, "recovery.signal"), "")
  // It takes nobody before.
  const settings = "restore_command = 'false'\nhot_standby = off\n"
  appendFileSync(join(dataDirectory, "postgresql.conf"), settings)
}

/** Copies the files of a server that is stopped; answers with how to put the copy back. */
function backUp(dataDirectory: string) {
  const kept = `${dataDirectory}.${randomUUID()}`
  copy(dataDirectory, kept)
  return () => {
    rmSync(dataDirectory, { recursive: true })
    copy(kept, dataDirectory)
  }
}

/** With owners and modes, which the server looks at. */
function copy(from: string, to: string): void {
  assert.strictEqual(spawnSync("cp", ["-a", from, to]).status, 0)
}

describe.skipIf(withoutPostgres())("Lineage", () => {
  const { server } = livePostgres(UNSYNCED)

  it.live("keeps the store's name over the ends of server and broker, and names another otherwise", () =>
    Effect.gen(function*() {
      const { makeDatabase, restart } = yield* server
      const [url, witness] = [yield* makeDatabase, makeWitness()]
      const first = yield* nameAt(url, "one", witness)
      yield* restart("fast")
      assert.strictEqual(yield* nameAt(url, "two", witness), first)
      yield* restart("immediate")
      assert.strictEqual(yield* nameAt(url, "three", witness), first)
      assert.notStrictEqual(yield* nameAt(yield* makeDatabase, "four", witness), first)
      assert.match(first, /^[\w-]{22}$/)
    }))

  it.live("names the store anew when a standby has taken over, under a broker that runs on", () =>
    Effect.gen(function*() {
      const { dataDirectory, makeDatabase, start, stop } = yield* server
      const url = yield* makeDatabase
      yield* Effect.gen(function*() {
        const identity = yield* StoreIdentity
        const { bornAt, epoch } = identity
        const renamed = yield* Effect.forkScoped(Stream.runHead(identity.renames))
        yield* stop("fast")
        promoteAtNextStart(dataDirectory)
        yield* start
        yield* write

        assert.notStrictEqual(identity.epoch, epoch)
        assert.isAbove(identity.bornAt, bornAt)
        assert.deepStrictEqual(yield* Fiber.join(renamed), Option.some(identity.epoch))
        assert.isTrue(yield* identity.isWritable)
        assert.strictEqual(yield* nameAt(url, "another broker"), identity.epoch)
      }).pipe(Effect.scoped, Effect.provide(storesAt(url)))
    }))

  it.live("names the store anew when an earlier state is put back, under a broker that runs on", () =>
    Effect.gen(function*() {
      const { dataDirectory, makeDatabase, start, stop } = yield* server
      const url = yield* makeDatabase
      yield* Effect.gen(function*() {
        const identity = yield* StoreIdentity
        const { epoch } = identity
        yield* stop("fast")
        const putBack = backUp(dataDirectory)
        yield* start
        for (let round = 0; round < 3; round++) yield* write
        assert.strictEqual(identity.epoch, epoch)
        yield* stop("fast")
        putBack()
        yield* start
        yield* write

        assert.notStrictEqual(identity.epoch, epoch)
      }).pipe(Effect.provide(storesAt(url)))
    }))

  it.live("names the store anew once, however many notice at once that it is another", () =>
    Effect.gen(function*() {
      const { dataDirectory, makeDatabase, start, stop } = yield* server
      const url = yield* makeDatabase
      yield* Effect.gen(function*() {
        const identity = yield* StoreIdentity
        const renames: Array<string> = []
        const noted = Stream.runForEach(
          identity.renames,
          (name) => Effect.sync(() => renames.push(name))
        )
        yield* Effect.forkScoped(noted)
        yield* stop("fast")
        const putBack = backUp(dataDirectory)
        yield* start
        for (let round = 0; round < 3; round++) yield* write
        yield* stop("fast")
        putBack()
        yield* start
        yield* Effect.all(Array.from({ length: 8 }, () => write), { concurrency: "unbounded" })
        yield* write

        assert.deepStrictEqual(renames, [identity.epoch])
      }).pipe(Effect.scoped, Effect.provide(storesAt(url)))
    }))

  it.live("names the store anew when an earlier state was put back between two runs of the broker that noted its place", () =>
    Effect.gen(function*() {
      const { dataDirectory, makeDatabase, start, stop } = yield* server
      const [url, witness] = [yield* makeDatabase, makeWitness()]
      const first = yield* nameAt(url, "one", witness)
      yield* stop("fast")
      const putBack = backUp(dataDirectory)
      yield* start
      yield* nameAt(url, "two", witness)
      yield* stop("fast")
      putBack()
      yield* start

      assert.notStrictEqual(yield* nameAt(url, "three", witness), first)
    }))

  it.live("names the store anew in a copy of its database", () =>
    Effect.gen(function*() {
      const { execute, makeDatabase } = yield* server
      const url = yield* makeDatabase
      const first = yield* nameAt(url, "one")
      const name = new URL(url).pathname.slice(1)
      yield* execute(yield* makeDatabase, `CREATE DATABASE restored TEMPLATE ${name}`)

      assert.notStrictEqual(yield* nameAt(url.replace(name, "restored"), "two"), first)
    }))

  it.live("does without the place in the log where the role may not ask for it", () =>
    Effect.gen(function*() {
      const { execute, makeDatabase } = yield* server
      const url = yield* makeDatabase
      const name = new URL(url).pathname.slice(1)
      yield* execute(url, "REVOKE EXECUTE ON FUNCTION pg_control_system() FROM public")
      yield* execute(url, "CREATE ROLE plain LOGIN")
      yield* execute(url, `ALTER DATABASE ${name} OWNER TO plain`)
      const plain = url.replace("claudemesh@", "plain@")
      const first = yield* nameAt(plain, "one")

      assert.strictEqual(yield* nameAt(plain, "two"), first)
    }))
})
