/**
 * Holds the home for one daemon, by a lock that the kernel ends with the process.
 *
 * Build it before anything that writes below the home: the database, the socket.
 *
 * @module
 */
import { type Refused, refused } from "@claudemesh/protocol/errors"
import { ProcessLock } from "@claudemesh/sqlite"
import { Effect, Layer, Option } from "effect"
import { Home, lockIn } from "./home.ts"

/** Holds the lock for as long as it lives; refuses with `home_locked` while another daemon does. */
export const layer: Layer.Layer<never, Refused, Home> = Layer.effectDiscard(
  Effect.gen(function*() {
    const { directory, lock } = yield* Home
    yield* Effect.mapError(ProcessLock.acquire(lock), (error) => {
      if (error._tag === "ProcessLockFailed") return refused("home_unusable", error.message)
      const holder = error.pid === undefined ? "another daemon" : `the daemon with pid ${error.pid}`
      return refused("home_locked", `Cannot use "${directory}": ${holder} runs there`)
    })
  })
)

/** Who holds the home in that directory, whether it answers or not; nothing if nobody does, or it cannot be told. */
export function daemonHolder(
  directory: string
): Effect.Effect<Option.Option<ProcessLock.LockHolder>> {
  return Effect.orElseSucceed(ProcessLock.holder(lockIn(directory)), Option.none)
}
