/**
 * `claudemesh up`: an embedded broker, the daemon and a first mesh, in the foreground.
 *
 * What runs already is used: a daemon that a verb has started, a broker that another `up` serves. Where both run,
 * it says so and ends.
 *
 * @module
 */
import { Home, homeDirectory } from "@claudemesh/daemon"
import { Refused } from "@claudemesh/protocol/errors"
import type { MeshStatus } from "@claudemesh/protocol/local_api"
import { Config, Context, Effect, Layer, Option } from "effect"
import { Command, Flag } from "effect/cli"
import { recall, serveBroker } from "../embedded_broker.ts"
import { connected, meshesOrFirst, openInvite } from "../first_mesh.ts"
import { listenFlag } from "../flags.ts"
import { Foreground } from "../foreground.ts"
import { foregroundDaemon, untilDaemonEnds } from "../foreground_daemon.ts"
import { LocalDaemon } from "../local_daemon.ts"
import { type NextStep, Output } from "../output.ts"
import { type Up, upReport } from "../reports/up.ts"
import { declared } from "../verb.ts"

export const up = Command.make(
  "up",
  {
    listen: listenFlag("Where the broker listens (default: as last time, first 127.0.0.1:7843)"),
    publicUrl: Flag.String("public-url").pipe(
      Flag.withMetavar("URL"),
      Flag.withDescription("What others call the broker, if not by that address"),
      Flag.optional
    )
  },
  Effect.fn("up")(
    function*(choice) {
      const { directory, socket } = yield* Effect.orDie(homeDirectory)
      const home = Context.get(yield* Layer.build(Home.layer(directory, socket)), Home)
      const broker = yield* ownBroker({ ...choice, dataDirectory: home.brokerData })
      const ended = yield* ownDaemon(home)
      const daemon = yield* (yield* LocalDaemon).running
      const meshes = yield* meshesOrFirst(daemon, broker)
      const own = meshes.find((mesh) => mesh.broker === broker.origin)
      const invite = own === undefined ? undefined : yield* inviteTo(own)
      const status = yield* daemon.daemon.status({})
      const started = broker.served || Option.isSome(ended)
      yield* (yield* Output).print(upReport, {
        state: started ? "started" : "running",
        home: status.home,
        pid: status.pid,
        broker: { origin: broker.origin, local_only: isLoopback(broker.origin) },
        meshes: status.meshes,
        ...(invite !== undefined && { invite })
      }, { warnings: broker.warnings, next: nextSteps(invite, yield* programName) })
      if (!started) return
      yield* (yield* Foreground).began
      yield* (yield* Output).note("Ctrl-C or claudemesh down stops it.")
      yield* Option.getOrElse(ended, () => untilDaemonEnds(daemon))
    },
    Effect.scoped
  )
).pipe(
  declared({
    description:
      "Start everything: a broker on this machine, the daemon, a first mesh; in the foreground",
    examples: [
      { command: "claudemesh up", description: "For this machine alone" },
      {
        command: "claudemesh up --listen 0.0.0.0:7843 --public-url http://my-host:7843",
        description: "For others in the network too"
      }
    ],
    report: upReport
  })
)

/** Serves the broker, or finds that another process of this home does. */
const ownBroker = Effect.fnUntraced(function*(choice: Parameters<typeof serveBroker>[0]) {
  return yield* serveBroker(choice).pipe(
    Effect.map(({ firstAdminCode, origin, warnings }) => ({
      origin,
      warnings,
      firstAdminCode,
      served: true
    })),
    Effect.catchIf(
      ({ code }) => code === "data_locked",
      (error) =>
        Effect.flatMap(
          recall(choice.dataDirectory),
          Option.match({
            onNone: () => Effect.fail<Refused>(error),
            onSome: ({ origin }) =>
              Effect.succeed({ origin, warnings: [], firstAdminCode: undefined, served: false })
          })
        )
    )
  )
})

/** Runs the daemon, unless one runs; answers with the effect that ends when ours is asked to. */
const ownDaemon = Effect.fnUntraced(function*(home: Home["Service"]) {
  return yield* foregroundDaemon(home).pipe(
    Effect.map(({ stopped }) => Option.some(stopped)),
    Effect.catchIf(({ code }) => code === "home_locked", () => Effect.succeedNone)
  )
})

const inviteTo = Effect.fnUntraced(function*(mesh: MeshStatus) {
  const daemon = yield* (yield* LocalDaemon).running
  return yield* openInvite(daemon, yield* connected(daemon, mesh))
})

function nextSteps(invite: Up["invite"], program: string): ReadonlyArray<NextStep> {
  const join = invite?.link === undefined
    ? { cmd: `${program} invite create`, why: "a link for somebody else" }
    : {
      cmd: `CLAUDEMESH_HOME=~/.claudemesh-2 ${program} join '${invite.link}' --name friend`,
      why: "in a second terminal; on another machine without the first word"
    }
  return [join, { cmd: `${program} send friend "hello"`, why: "in a third; then: inbox" }]
}

/** How the person who reads it can call us. */
const programName = Config.String("npm_lifecycle_event").pipe(
  Config.option,
  Config.map(Option.contains("start")),
  Config.map((isNpm) => isNpm ? "scripts/with_node claudemesh" : "claudemesh"),
  Effect.orDie
)

function isLoopback(origin: string): boolean {
  return /^https?:\/\/(127\.[0-9.]+|localhost|\[::1\])(:|$)/.test(origin)
}
