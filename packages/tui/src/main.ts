#!/usr/bin/env node
/**
 * The `claudemesh` executable: the verbs, and the layers they run on.
 *
 * @module
 */
import { Daemon, homeDirectory } from "@claudemesh/daemon"
import { NodeServices } from "@effect/platform-node"
import { Effect, Exit, Layer, Logger, Stdio } from "effect"
import { TerminalCapabilities } from "effect/cli"
import { DaemonProcess } from "./cli/daemon_process.ts"
import { LocalDaemon } from "./cli/local_daemon.ts"
import { run } from "./cli/program.ts"
import { runMain } from "./cli/signals.ts"

const DaemonOfHome = Layer.unwrap(
  Effect.map(Effect.orDie(homeDirectory), ({ socket }) => Daemon.layer({ socketPath: socket }))
)

const Main = LocalDaemon.layer.pipe(
  Layer.provideMerge(DaemonProcess.layer),
  Layer.provideMerge(DaemonOfHome),
  Layer.provideMerge(TerminalCapabilities.layer),
  Layer.provideMerge(Logger.layer([Logger.withConsoleError(Logger.formatLogFmt)])),
  Layer.provideMerge(NodeServices.layer)
)

Stdio.Stdio.use(({ args }) => Effect.flatMap(args, run)).pipe(
  Effect.provide(Main),
  (program) =>
    runMain(program, {
      disableErrorReporting: true,
      teardown: (exit, onExit) => onExit(Exit.isSuccess(exit) ? Number(exit.value) : 70)
    })
)
