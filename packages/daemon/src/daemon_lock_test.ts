import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Option } from "effect"
import { daemonHolder, layer } from "./daemon_lock.ts"
import { Home } from "./home.ts"
import { temporaryDirectory } from "./testing/temporary_home.ts"

describe("DaemonLock", () => {
  it.effect("refuses a second daemon, and names the home and the first one's pid", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      yield* Layer.build(lockOf(directory))

      const refusal = yield* Effect.flip(Layer.build(lockOf(directory)))

      assert.strictEqual(refusal.code, "home_locked")
      assert.strictEqual(
        refusal.message,
        `Cannot use "${directory}": the daemon with pid ${process.pid} runs there`
      )
    }).pipe(Effect.scoped))

  it.effect("lets the next daemon in once the first has ended", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      yield* Effect.scoped(Layer.build(lockOf(directory)))

      yield* Layer.build(lockOf(directory))
    }).pipe(Effect.scoped))
})

describe("daemonHolder", () => {
  it.effect("names the daemon that has the home, and nobody where none has", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      assert.isTrue(Option.isNone(yield* daemonHolder(directory)))

      yield* Layer.build(lockOf(directory))

      assert.strictEqual(Option.getOrThrow(yield* daemonHolder(directory)).pid, process.pid)
    }).pipe(Effect.scoped))
})

/** Fresh each time: a layer that is shared is built once. */
function lockOf(directory: string) {
  return Layer.fresh(layer.pipe(Layer.provide(Home.layer(directory))))
}
