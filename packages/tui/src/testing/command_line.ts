/**
 * A command line in memory: runs a verb against a daemon that is played, and keeps what is said.
 *
 * @module
 */
import type { Daemon } from "@claudemesh/daemon"
import { NodeServices } from "@effect/platform-node"
import { refused } from "@claudemesh/protocol/errors"
import { ConfigProvider, Effect, Layer, Sink, Stdio, Stream } from "effect"
import { TerminalCapabilities } from "effect/cli"
import { TestClock } from "effect/testing"
import { LocalDaemon } from "../cli/local_daemon.ts"
import { run } from "../cli/program.ts"
import { NOW } from "./samples.ts"

/** The calls a test answers; any other is a bug of the test. */
export type Played = {
  readonly [Group in keyof Daemon["Service"]]?: Partial<Daemon["Service"][Group]>
}

/** What is around the command line. */
export interface Surroundings {
  /** The daemon; absent, none runs. */
  readonly daemon?: Played
  readonly terminal?: boolean
  readonly stdin?: string | Uint8Array
  readonly env?: Readonly<Record<string, string>>
}

/** What was said, and the exit code. */
export interface Said {
  readonly exit: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs a command line, at the moment of the samples. */
export const type = Effect.fn("type")(function*(
  words: ReadonlyArray<string>,
  { daemon, env = {}, stdin = "", terminal = false }: Surroundings = {}
) {
  const said = { stdout: "", stderr: "" }

  function hear(stream: keyof typeof said) {
    return Sink.forEach((chunk: string | Uint8Array) =>
      Effect.sync(() => {
        said[stream] += typeof chunk === "string" ? chunk : new TextDecoder().decode(chunk)
      })
    )
  }

  const stdio = Stdio.layerTest({
    stdin: Stream.make(typeof stdin === "string" ? new TextEncoder().encode(stdin) : stdin),
    stdout: () => hear("stdout"),
    stderr: () => hear("stderr"),
    stdinIsTerminal: Effect.succeed(terminal),
    stdoutIsTerminal: Effect.succeed(terminal)
  })
  const seen = Layer.succeed(TerminalCapabilities.TerminalCapabilities, {
    canColor: false,
    canAnimate: false,
    canPrompt: false
  })
  const settings = ConfigProvider.layer(
    ConfigProvider.fromUnknown({ CLAUDEMESH_HOME: "/nowhere/home", ...env })
  )
  yield* TestClock.setTime(NOW)
  const exit = yield* run(words).pipe(
    // oxlint-disable-next-line effecttsgo/strict-effect-provide -- this is the main.ts of a test
    Effect.provide(
      Layer.mergeAll(played(daemon), stdio, seen, settings).pipe(
        Layer.provideMerge(NodeServices.layer)
      )
    )
  )
  return { exit, ...said }
})

function played(daemon: Played | undefined): Layer.Layer<LocalDaemon> {
  if (daemon === undefined) {
    const absent = Effect.fail(refused("daemon_not_running", "No daemon listens"))
    return Layer.succeed(LocalDaemon, { running: absent, started: absent })
  }
  // A call that the test does not play is not a function, and the test fails there.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const there = Effect.succeed(daemon as Daemon["Service"])
  return Layer.succeed(LocalDaemon, { running: there, started: there })
}
