/**
 * A command line in memory: runs a verb against a daemon that is played, and keeps what is said.
 *
 * @module
 */
import type { Daemon } from "@claudemesh/daemon"
import { NodeServices } from "@effect/platform-node"
import { refused } from "@claudemesh/protocol/errors"
import {
  ConfigProvider,
  Effect,
  Layer,
  Option,
  PlatformError,
  Schema,
  Sink,
  Stdio,
  Stream
} from "effect"
import { TerminalCapabilities } from "effect/cli"
import { TestClock } from "effect/testing"
import { type Holder, LocalDaemon } from "../cli/local_daemon.ts"
import { run } from "../cli/program.ts"
import { StopSignal } from "../cli/stop_signal.ts"
import { daemonStatus, NOW } from "./samples.ts"

/** The calls a test answers; any other is a bug of the test. */
export type Played = {
  readonly [Group in keyof Daemon["Service"]]?: Partial<Daemon["Service"][Group]>
}

/** What is around the command line. */
export interface Surroundings {
  /** The daemon; absent, none runs. */
  readonly daemon?: Played
  /** Who holds the home where no daemon answers; absent, nobody does. */
  readonly holder?: Holder
  readonly terminal?: boolean
  readonly stdin?: string | Uint8Array
  /** Whether stdout takes nothing, as a file on a full disk does. */
  readonly isFull?: boolean
  readonly env?: Readonly<Record<string, string>>
  /** Returns when somebody presses Ctrl-C; absent, nobody does. */
  readonly stop?: Effect.Effect<void>
}

const FULL = PlatformError.systemError({ module: "Stdio", method: "stdout", _tag: "Unknown" })

/** Runs a command line, at the moment of the samples. */
export function type(words: ReadonlyArray<string>, surroundings?: Surroundings) {
  return Effect.andThen(TestClock.setTime(NOW), typeNow(words, surroundings))
}

/** Runs a command line at the moment that it is; answers with its exit code and what it said. */
export const typeNow = Effect.fn("typeNow")(function*(
  words: ReadonlyArray<string>,
  surroundings: Surroundings = {}
) {
  const { env = {}, isFull = false, stdin = "", stop = Effect.never, terminal = false } =
    surroundings
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
    stdout: () => isFull ? Sink.fail(FULL) : hear("stdout"),
    stderr: () => hear("stderr"),
    stdinIsTerminal: Effect.succeed(terminal),
    stdoutIsTerminal: Effect.succeed(terminal)
  })
  const seen = Layer.succeed(TerminalCapabilities.TerminalCapabilities, {
    canColor: false,
    canAnimate: false,
    canPrompt: false
  })
  const stopping = Layer.succeed(StopSignal, { asked: stop, ending: Effect.void })
  const settings = ConfigProvider.layer(
    ConfigProvider.fromUnknown({ CLAUDEMESH_HOME: "/nowhere/home", ...env })
  )
  const exit = yield* run(words).pipe(
    Effect.provide(
      Layer.mergeAll(layerPlayed(surroundings), stdio, seen, settings, stopping).pipe(
        Layer.provideMerge(NodeServices.layer)
      )
    )
  )
  return { exit, ...said }
})

/** The daemon that a test plays, as verbs reach it. */
export function layerPlayed({ daemon, holder }: Surroundings): Layer.Layer<LocalDaemon> {
  if (daemon === undefined) {
    const absent = Effect.fail(refused("daemon_not_running", "No daemon listens"))
    return Layer.succeed(LocalDaemon, {
      running: absent,
      answering: absent,
      started: absent,
      up: absent,
      holder: Effect.succeed(Option.fromUndefinedOr(holder))
    })
  }
  const there = Effect.succeed(asDaemon(daemon))
  return Layer.succeed(LocalDaemon, {
    running: there,
    answering: there,
    started: there,
    up: there,
    holder: Effect.die("not asked where the daemon answers")
  })
}

/** A daemon of the calls that a test plays, and which fares well; any other call fails the test. */
export function asDaemon(played: Played): Daemon["Service"] {
  const daemon: Played["daemon"] = { status: () => Effect.succeed(daemonStatus), ...played.daemon }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return { ...played, daemon } as Daemon["Service"]
}

const Members = Schema.Record(Schema.String, Schema.Unknown)

/** Reads what was said as the one document it must be. */
export const documentOf = Schema.decodeEffect(Schema.fromJsonString(Schema.Struct({
  schema_version: Schema.Literal("1.0"),
  kind: Schema.String,
  ok: Schema.Boolean,
  item: Schema.optionalKey(Members),
  items: Schema.optionalKey(Schema.Array(Members)),
  page: Schema.optionalKey(Members),
  error: Schema.optionalKey(Members),
  warnings: Schema.optionalKey(Schema.Array(Schema.String)),
  next: Schema.optionalKey(Schema.Array(Schema.Struct({ cmd: Schema.String, why: Schema.String })))
})))
