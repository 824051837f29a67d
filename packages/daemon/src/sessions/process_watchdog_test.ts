import { layerSeededRandom } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { existsSync } from "node:fs"
import { layerDatabase } from "../database.ts"
import { HealthNotes } from "../health.ts"
import { FakeProcesses } from "../testing/fake_processes.ts"
import { layerTemporaryHome } from "../testing/temporary_home.ts"
import { layer } from "./process_watchdog.ts"
import { Sessions } from "./sessions.ts"

const around = Layer.mergeAll(
  layerTemporaryHome,
  HealthNotes.layer,
  FakeProcesses.layer,
  layerSeededRandom("watchdog")
)
const environment = Sessions.layer.pipe(
  Layer.provideMerge(layerDatabase),
  Layer.provideMerge(around)
)

describe("ProcessWatchdog", () => {
  it.effect("ends sessions whose processes ended or gave their pid to another, and no other", () =>
    Effect.gen(function*() {
      const { list, register } = yield* Sessions
      const { end, looks, start } = yield* FakeProcesses
      yield* Effect.forEach([1, 2, 3], (pid) => start(pid, "first"))
      const files = yield* Effect.forEach(
        [1, 2, 3],
        (pid) =>
          Effect.map(
            register({ name: `run-${pid}`, cwd: "/src", pid }),
            ({ token_file }) => token_file
          )
      )
      yield* Layer.build(layer)
      yield* end(1)
      yield* start(2, "later")
      const before = yield* looks

      yield* TestClock.adjust("5 seconds")
      yield* finished

      assert.deepStrictEqual((yield* list).map(({ name }) => name), ["run-3"])
      assert.deepStrictEqual(files.map((path) => existsSync(path)), [false, false, true])
      assert.strictEqual((yield* looks) - before, 1)
    }).pipe(Effect.scoped, Effect.provide(environment)))
})
