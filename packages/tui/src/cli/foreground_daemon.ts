/**
 * Runs the daemon inside this process, for as long as the scope is open.
 *
 * @module
 */
import { type Daemon, Home, layerDaemon, Shutdown } from "@claudemesh/daemon"
import { refused } from "@claudemesh/protocol/errors"
import { Context, Effect, Layer, Logger, Stream } from "effect"
import { putAside } from "./log_file.ts"

/** Starts it, with its log in the home; `stopped` ends when somebody asks the daemon to stop. */
export const foregroundDaemon = Effect.fn("foregroundDaemon")(function*(home: Home["Service"]) {
  const log = `${home.log}/daemon.log`
  yield* putAside(log)
  const logger = Logger.toFile(Logger.formatLogFmt, log, { mode: 0o600 })
  const loggers = Logger.layer([logger]).pipe(
    Layer.catch((error) =>
      Layer.effectContext(
        Effect.fail(refused("home_unusable", `Cannot write "${log}": ${error.message}`))
      )
    )
  )
  const layer = layerDaemon.pipe(Layer.provide(Layer.succeed(Home, home)), Layer.provide(loggers))
  const { awaited: stopped } = Context.get(yield* Layer.build(layer), Shutdown)
  return { stopped }
})

/** Returns when the daemon of another process has gone. */
export function untilDaemonEnds(daemon: Daemon["Service"]): Effect.Effect<void> {
  return daemon.events.watch({}).pipe(
    Effect.flatMap(Stream.runDrain),
    // It ends if we are too slow as well: whether it has gone shows when it is asked again.
    Effect.ignore,
    Effect.repeat({
      until: () => Effect.isSuccess(daemon.daemon.status({})).pipe(Effect.map((there) => !there))
    })
  )
}
