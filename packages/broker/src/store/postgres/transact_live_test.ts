/**
 * Breaks the connection at every statement of an admission, and before and after its commit.
 *
 * Goal: whatever breaks, a sender that repeats itself until it has an answer
 * finds each envelope in the log once, densely numbered. Method: one batch per
 * statement, whose connection is cut there by the server, or whose commit is
 * done and its answer lost.
 *
 * @module
 */
import { PgClient } from "@effect/sql-pg"
import { layerSeededRandom, withoutPostgres } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Context, Deferred, Effect, Fiber, Layer, Result } from "effect"
import { BrokerLimits, defaultBrokerLimits } from "../../broker_limits.ts"
import { LogStore } from "../log_store.ts"
import { MembershipStore } from "../membership_store.ts"
import { sampleAdmission, sampleDevice, sampleFounding, sampleMesh } from "../testing/sample.ts"
import * as Database from "./database.ts"
import { type Breaking, breakingClient } from "./testing/breaking_client.ts"
import { addressOf, livePostgres, storesAt } from "./testing/live_postgres.ts"

const mesh = sampleMesh("m")
const [a, b] = [sampleDevice("a"), sampleDevice("b")]

/** BEGIN, the look at the lineage, the lock, the read, the write, COMMIT. */
const STATEMENTS = 6

const CUT = `SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
  WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name = 'breaking'`

/** So that the test does not wait long for a failure. */
function impatient(databaseAnswerMillisMax: number) {
  return Layer.succeed(BrokerLimits, { ...defaultBrokerLimits, databaseAnswerMillisMax })
}

describe.skipIf(withoutPostgres())("transactions", () => {
  const { server } = livePostgres()

  /** Stores whose connections a test breaks. */
  const breakable = Effect.gen(function*() {
    const { execute, makeDatabase } = yield* server
    const url = yield* makeDatabase
    const breaking: Breaking = { cut: Effect.asVoid(execute(url, CUT)) }
    const address = addressOf(url)
    const client = PgClient.layer({
      ...address.connection,
      applicationName: "breaking",
      prepare: false
    })
    const stores = Database.layerOn(address, breakingClient(client, breaking)).pipe(
      Layer.provide(layerSeededRandom("breaking"))
    )
    return { breaking, stores, url }
  })

  it.live("admit once and densely, wherever the connection breaks", () =>
    Effect.gen(function*() {
      const { breaking, stores } = yield* breakable
      yield* Effect.gen(function*() {
        const logs = yield* LogStore
        yield* MembershipStore.use((store) => store.append(sampleFounding(mesh, a, b)))
        const failures: Array<number> = []
        for (let statement = 0; statement < STATEMENTS; statement++) {
          const batch = [2 * statement, 2 * statement + 1].map((number) => sampleAdmission(number))
          breaking.statement = statement
          const first = yield* Effect.result(logs.admit(batch))
          assert.isUndefined(breaking.statement, `statement ${statement} was not reached`)
          if (Result.isFailure(first)) failures.push(statement)
          const again = yield* logs.admit(batch)
          const expected = Result.isSuccess(first) ? "repeated" : "admitted"
          assert.deepStrictEqual(again.map(({ type }) => type), [expected, expected])
        }

        // Only the commit cannot be repeated here: whether it was done is not known.
        assert.deepStrictEqual(failures, [STATEMENTS - 1])
        const entries = yield* logs.read({ mesh, device: b }, 0, 100)
        assert.deepStrictEqual(
          entries.map(({ seq, text }) => [seq, text]),
          entries.map((_, at) => [at + 1, `"envelope ${at}.0"`])
        )
        assert.lengthOf(entries, 2 * STATEMENTS)
      }).pipe(Effect.provide(stores))
    }))

  it.live("say that they failed where the answer to a commit is lost, and have happened all the same", () =>
    Effect.gen(function*() {
      const { breaking, stores } = yield* breakable
      yield* Effect.gen(function*() {
        const logs = yield* LogStore
        yield* MembershipStore.use((store) => store.append(sampleFounding(mesh, a, b)))
        breaking.commitDone = true
        breaking.statement = STATEMENTS - 1
        const failed = yield* Effect.flip(logs.admit([sampleAdmission(1)]))

        assert.include(failed.message, "not confirmed")
        assert.lengthOf(yield* logs.read({ mesh, device: b }, 0, 100), 1)
        const again = yield* logs.admit([sampleAdmission(1)])
        assert.deepStrictEqual(again, [{ type: "repeated" }])
      }).pipe(Effect.provide(stores))
    }))

  it.live("go on by themselves over restarts, clean and not", () =>
    Effect.gen(function*() {
      const { makeDatabase, restart } = yield* server
      yield* Effect.gen(function*() {
        const logs = yield* LogStore
        yield* MembershipStore.use((store) => store.append(sampleFounding(mesh, a, b)))
        yield* logs.admit([sampleAdmission(1)])
        for (const [at, ending] of (["fast", "immediate"] as const).entries()) {
          yield* restart(ending)
          const outcomes = yield* logs.admit([1, 2 + at].map((number) => sampleAdmission(number)))
          assert.deepStrictEqual(outcomes.map(({ type }) => type), ["repeated", "admitted"])
        }
      }).pipe(Effect.provide(storesAt(yield* makeDatabase)))
    }))

  it.live("wait for a server that is away for a moment", () =>
    Effect.gen(function*() {
      const { makeDatabase, start, stop } = yield* server
      yield* Effect.gen(function*() {
        const logs = yield* LogStore
        yield* MembershipStore.use((store) => store.append(sampleFounding(mesh, a, b)))
        yield* stop("fast")
        const late = Effect.andThen(Effect.sleep("500 millis"), start)
        const admitting = logs.admit([sampleAdmission(1)])
        const [outcomes] = yield* Effect.all([admitting, late], { concurrency: 2 })
        assert.strictEqual(outcomes[0]?.type, "admitted")
      }).pipe(Effect.provide(storesAt(yield* makeDatabase)))
    }))

  it.live("lock nobody out for long who stops in the middle of one", () =>
    Effect.gen(function*() {
      const { breaking, stores, url } = yield* breakable
      const both = [Layer.fresh(stores), Layer.fresh(storesAt(url))]
      const contexts = yield* Effect.forEach(both, (layer) =>
        Layer.build(Layer.provide(layer, impatient(3_000))))
      const [frozen, other] = contexts.map(Context.get(LogStore))
      if (frozen === undefined || other === undefined || contexts[0] === undefined) {
        return
      }
      yield* Context.get(contexts[0], MembershipStore).append(sampleFounding(mesh, a, b))

      // After it has locked the devices, before it writes.
      const stops = yield* Deferred.make<void>()
      breaking.cut = Effect.andThen(Deferred.succeed(stops, undefined), Effect.sleep("2 seconds"))
      breaking.statement = STATEMENTS - 2
      const freezing = yield* Effect.forkScoped(frozen.admit([sampleAdmission(1)]))
      yield* Deferred.await(stops)
      const meanwhile = yield* other.admit([sampleAdmission(2)])
      const late = yield* Fiber.join(freezing)

      const placed = [meanwhile, late].flat().map((outcome) =>
        "placed" in outcome && outcome.placed
      )
      assert.deepStrictEqual(placed, [[{ device: b, seq: 1 }], [{ device: b, seq: 2 }]])
    }).pipe(Effect.scoped))

  it.live(
    "fail in time where the server is frozen, and go on when it is not",
    () =>
      Effect.gen(function*() {
        const { freeze, makeDatabase } = yield* server
        yield* Effect.gen(function*() {
          const logs = yield* LogStore
          yield* MembershipStore.use((store) => store.append(sampleFounding(mesh, a, b)))
          yield* freeze(true)
          const failed = yield* Effect.flip(logs.admit([sampleAdmission(1)])).pipe(
            Effect.timeout("30 seconds"),
            Effect.ensuring(freeze(false))
          )
          assert.strictEqual(failed._tag, "StoreFailed")
          const [outcome] = yield* logs.admit([sampleAdmission(1)])
          assert.strictEqual(outcome?.type, "admitted")
        }).pipe(Effect.provide(Layer.provide(storesAt(yield* makeDatabase), impatient(1_000))))
      })
  )
})
