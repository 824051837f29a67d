/**
 * `claudemesh daemon run`: the daemon in the foreground, for service managers and for watching it.
 *
 * @module
 */
import { Home, homeDirectory, layerDaemon, Shutdown } from "@claudemesh/daemon"
import { Context, Effect, Layer } from "effect"
import { Command } from "effect/cli"
import { Foreground } from "../../foreground.ts"
import { Output } from "../../output.ts"
import { daemonStarted } from "../../reports/daemon.ts"
import { declared } from "../../verb.ts"
import { daemonView } from "../status.ts"

export const run = Command.make(
  "run",
  {},
  Effect.fn("daemon.run")(
    function*() {
      const { directory, socket } = yield* Effect.orDie(homeDirectory)
      const context = yield* Layer.build(Layer.provide(layerDaemon, Home.layer(directory, socket)))
      yield* (yield* Output).print(daemonStarted, yield* daemonView)
      yield* (yield* Foreground).stay(Context.get(context, Shutdown).awaited)
    },
    Effect.scoped
  )
).pipe(
  declared({
    description: "Run the daemon in the foreground",
    examples: [{
      command: "claudemesh daemon run",
      description: "Its log goes to stderr; Ctrl-C stops it"
    }],
    report: daemonStarted
  })
)
