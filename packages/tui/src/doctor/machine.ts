/**
 * What the checks look at: this executable, its home, the daemon as it answered once, brokers over HTTP.
 *
 * The daemon is asked once for all of them, and not for long: one that accepts and is silent must not keep
 * each check waiting.
 *
 * @module
 */
import { type Daemon, homeDirectory } from "@claudemesh/daemon"
import type { Executable } from "@claudemesh/daemon/install"
import type { Refused } from "@claudemesh/protocol/errors"
import type { DaemonStatus } from "@claudemesh/protocol/local_api"
import { NodeHttpClient } from "@effect/platform-node"
import { Context, Effect, Layer, type Option } from "effect"
import { HttpClient } from "effect/http"
import { type Holder, isNotRunning, LocalDaemon } from "../cli/local_daemon.ts"
import { ownExecutable } from "../cli/verbs/install_surroundings.ts"
import { type Finding, skipped } from "./finding.ts"

/** How long the daemon may take to say how it fares. */
const ANSWER_SECONDS_MAX = 3

/** A daemon that answers. */
export interface RunningDaemon {
  readonly is: "running"
  readonly calls: Daemon["Service"]
  readonly status: DaemonStatus
}

/** The daemon, as it was found. */
export type FoundDaemon =
  | RunningDaemon
  | { readonly is: "absent" }
  | { readonly is: "silent" }
  | { readonly is: "unusable"; readonly message: string }

/** This machine, as the checks see it. */
export class Machine extends Context.Service<Machine, {
  readonly home: string
  readonly socket: string
  /** The version of Node that runs this. */
  readonly node: string
  readonly executable: Executable
  /** The same for every check. */
  readonly daemon: Effect.Effect<FoundDaemon>
  /** Who holds the home where no daemon answers. */
  readonly holder: Effect.Effect<Option.Option<Holder>>
  /** Starts the daemon; it answers when this returns. */
  readonly start: Effect.Effect<unknown, Refused>
  readonly http: HttpClient.HttpClient
}>()("@claudemesh/tui/doctor/machine") {
  /** Looks anew. */
  static readonly make = Effect.gen(function*() {
    const { directory, socket } = yield* Effect.orDie(homeDirectory)
    const { holder, running, started } = yield* LocalDaemon
    // The daemon's client is of the same layers: what is built once would take brokers' calls to its socket.
    const clients = yield* Layer.build(Layer.fresh(NodeHttpClient.layerNodeHttp))
    return Machine.of({
      home: directory,
      socket,
      node: process.versions.node,
      executable: ownExecutable,
      daemon: yield* Effect.cached(lookAtDaemon(running)),
      holder,
      start: started,
      http: Context.get(clients, HttpClient.HttpClient)
    })
  })
}

function lookAtDaemon(
  running: LocalDaemon["Service"]["running"]
): Effect.Effect<FoundDaemon> {
  return running.pipe(
    Effect.flatMap((calls) => Effect.map(calls.daemon.status({}), (status) => ({ calls, status }))),
    Effect.map((found): FoundDaemon => ({ is: "running", ...found })),
    Effect.timeoutOrElse({
      duration: `${ANSWER_SECONDS_MAX} seconds`,
      orElse: () => Effect.succeed<FoundDaemon>({ is: "silent" })
    }),
    Effect.catch((error) =>
      Effect.succeed<FoundDaemon>(
        isNotRunning(error) ? { is: "absent" } : { is: "unusable", message: error.message }
      )
    )
  )
}

/** What a check finds that needs the daemon; skipped where none answers. */
export function withDaemon<E, R>(
  look: (daemon: RunningDaemon) => Effect.Effect<ReadonlyArray<Finding>, E, R>
): Effect.Effect<ReadonlyArray<Finding>, E, R | Machine> {
  return Effect.gen(function*() {
    const daemon = yield* (yield* Machine).daemon
    return daemon.is === "running" ? yield* look(daemon) : [skipped("no daemon answers")]
  })
}
