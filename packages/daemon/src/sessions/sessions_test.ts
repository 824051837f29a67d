import { SessionId } from "@claudemesh/protocol"
import { fromBase64Url } from "@claudemesh/protocol/crypto"
import { layerSeededRandom } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Option, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { existsSync, readFileSync, statSync } from "node:fs"
import { layerDatabase } from "../database.ts"
import { HealthNotes } from "../health.ts"
import { Home } from "../home.ts"
import { Inbox } from "../inbox/inbox.ts"
import { Shutdown } from "../shutdown.ts"
import { Surfacing } from "../surfacing/surfacing.ts"
import { FakeProcesses } from "../testing/fake_processes.ts"
import { layerTemporaryHome } from "../testing/temporary_home.ts"
import { type Registration, Sessions } from "./sessions.ts"

const around = Layer.mergeAll(
  layerTemporaryHome,
  HealthNotes.layer,
  Shutdown.layer,
  FakeProcesses.layer,
  layerSeededRandom("sessions")
)
const stores = Layer.provideMerge(Surfacing.layer, Layer.provideMerge(Inbox.layer, layerDatabase))
const environment = Sessions.layer.pipe(
  Layer.provideMerge(stores),
  Layer.provideMerge(around)
)

describe("Sessions", () => {
  it.effect("registers a run and writes its token where only its user can read it", () =>
    Effect.gen(function*() {
      const { list, register } = yield* Sessions
      const { start } = yield* FakeProcesses
      yield* start(7, "first")

      const registered = yield* register(api)

      assert.deepStrictEqual(yield* list, [{
        id: registered.id,
        name: "api",
        cwd: "/src/api",
        agent: "claude",
        pid: 7,
        mode: "push",
        unprompted: false,
        status: "idle",
        started_at: 0
      }])
      assert.strictEqual(
        registered.token_file,
        `${(yield* Home).run}/sessions/${registered.id}.token`
      )
      assert.strictEqual(statSync(registered.token_file).mode & 0o777, 0o600)
      assert.lengthOf(fromBase64Url(readFileSync(registered.token_file, "utf8")), 32)
    }).pipe(Effect.provide(environment)))

  it.effect("knows a session by its token, and nobody by another", () =>
    Effect.gen(function*() {
      const { authenticate, register } = yield* Sessions
      yield* (yield* FakeProcesses).start(7, "first")
      const { id, token_file } = yield* register(api)

      const known = yield* authenticate(tokenIn(token_file))
      const stranger = yield* authenticate(Redacted.make(new Uint8Array(32)))

      assert.strictEqual(Option.getOrThrow(known).id, id)
      assert.isTrue(Option.isNone(stranger))
    }).pipe(Effect.provide(environment)))

  it.effect("resumes a session by its id: new process, new token, the old beginning", () =>
    Effect.gen(function*() {
      const { authenticate, list, register } = yield* Sessions
      const { start } = yield* FakeProcesses
      yield* start(7, "first")
      yield* start(8, "second")
      const first = yield* register({ ...api, id })
      const oldToken = tokenIn(first.token_file)
      yield* TestClock.adjust("1 minute")

      const again = yield* register({ ...api, id, pid: 8, name: "api-2" })

      assert.deepStrictEqual((yield* list).map(({ name, pid }) => [name, pid]), [["api-2", 8]])
      assert.strictEqual(again.started_at, first.started_at)
      assert.isTrue(Option.isNone(yield* authenticate(oldToken)))
      assert.isTrue(Option.isSome(yield* authenticate(tokenIn(again.token_file))))
    }).pipe(Effect.provide(environment)))

  it.effect("refuses a run whose process is not there", () =>
    Effect.gen(function*() {
      const refusal = yield* Effect.flip((yield* Sessions).register(api))

      assert.strictEqual(refusal.code, "malformed")
      assert.strictEqual(refusal.message, "Cannot register session \"api\": no process has pid 7")
    }).pipe(Effect.provide(environment)))

  it.effect("ends a session once, and its token with it", () =>
    Effect.gen(function*() {
      const { end, list, register } = yield* Sessions
      yield* (yield* FakeProcesses).start(7, "first")
      const { token_file } = yield* register({ ...api, id })

      const ended = yield* end(id)

      assert.strictEqual(ended.name, "api")
      assert.lengthOf(yield* list, 0)
      assert.isFalse(existsSync(token_file))
      assert.strictEqual((yield* Effect.flip(end(id))).code, "session_not_found")
    }).pipe(Effect.provide(environment)))

  it.effect("ends those whose processes ended or gave their pid to another, with one look", () =>
    Effect.gen(function*() {
      const { endOrphans, list, register } = yield* Sessions
      const { end, looks, start } = yield* FakeProcesses
      yield* Effect.forEach([1, 2, 3], (pid) => start(pid, "first"))
      const registered = yield* Effect.forEach(
        [1, 2, 3],
        (pid) => register({ ...api, name: `run-${pid}`, pid })
      )
      const looksBefore = yield* looks
      yield* end(1)
      yield* start(2, "later")

      const ended = yield* endOrphans

      assert.strictEqual(ended, 2)
      assert.strictEqual((yield* looks) - looksBefore, 1)
      assert.deepStrictEqual((yield* list).map(({ name }) => name), ["run-3"])
      assert.deepStrictEqual(registered.map(({ token_file }) => existsSync(token_file)), [
        false,
        false,
        true
      ])
    }).pipe(Effect.provide(environment)))

  it.effect("survive a restart of the daemon if their processes did", () =>
    Effect.gen(function*() {
      const { start } = yield* FakeProcesses
      yield* start(7, "first")
      const daemon = Layer.fresh(Layer.provide(Sessions.layer, stores))
      const { token_file } = yield* Effect.provide(
        Sessions.use(({ register }) => register(api)),
        daemon
      )

      const { all, known } = yield* Effect.gen(function*() {
        const { authenticate, endOrphans, list } = yield* Sessions
        yield* endOrphans
        return { known: yield* authenticate(tokenIn(token_file)), all: yield* list }
      }).pipe(Effect.provide(daemon))

      assert.deepStrictEqual(all.map(({ name }) => name), ["api"])
      assert.isTrue(Option.isSome(known))
    }).pipe(Effect.provide(around)))
})

const id = SessionId.make("00000000-0000-4000-8000-000000000001")

const api: Registration = { name: "api", cwd: "/src/api", agent: "claude", pid: 7 }

function tokenIn(path: string) {
  return Redacted.make(fromBase64Url(readFileSync(path, "utf8")))
}
