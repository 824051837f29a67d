/**
 * Runs the verb of this process's command line, on the layers of this machine.
 *
 * @module
 */
import { Daemon, homeDirectory } from "@claudemesh/daemon"
import { NodeServices } from "@effect/platform-node"
import { Effect, Exit, Layer, Logger, Runtime, Stdio } from "effect"
import { TerminalCapabilities } from "effect/cli"
import { briefLog } from "./brief_log.ts"
import { EXIT } from "./failure.ts"
import { DaemonProcess } from "./daemon_process.ts"
import { LocalDaemon } from "./local_daemon.ts"
import { run } from "./program.ts"
import { sessionToken } from "./session_token.ts"
import { StopSignal } from "./stop_signal.ts"

const DaemonOfHome = Layer.unwrap(Effect.gen(function*() {
  const { directory, socket } = yield* Effect.orDie(homeDirectory)
  return Daemon.layer({ socketPath: socket, token: yield* sessionToken(`${directory}/run`) })
}))

const Main = LocalDaemon.layer.pipe(
  Layer.provideMerge(DaemonProcess.layer),
  Layer.provideMerge(DaemonOfHome),
  Layer.provideMerge(StopSignal.layer),
  Layer.provideMerge(TerminalCapabilities.layer),
  Layer.provideMerge(Logger.layer([Logger.withConsoleError(briefLog)])),
  Layer.provideMerge(NodeServices.layer)
)

/** The exit code is the program's value; a reader that has gone is no reason to fail. */
const runMain = Runtime.makeRunMain(({ fiber, teardown }) => {
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {})
  fiber.addObserver((exit) => teardown(exit, (code) => process.exit(code)))
})

runMain(Stdio.Stdio.use(({ args }) => Effect.flatMap(args, run)).pipe(Effect.provide(Main)), {
  disableErrorReporting: true,
  teardown: (exit, onExit) => onExit(Exit.isSuccess(exit) ? Number(exit.value) : EXIT.bug)
})
