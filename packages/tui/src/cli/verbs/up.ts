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
import type { InviteView, MeshStatus } from "@claudemesh/protocol/local_api"
import { Config, Context, Effect, Layer, Option } from "effect"
import { Command, Flag } from "effect/cli"
import { recall, serveBroker } from "../embedded_broker.ts"
import { connected, meshesOrFirst, openInvite } from "../first_mesh.ts"
import { given, listenFlag } from "../flags.ts"
import { Foreground } from "../foreground.ts"
import { foregroundDaemon, untilDaemonEnds } from "../foreground_daemon.ts"
import { inviteForOthers } from "../invite_for_others.ts"
import { LocalDaemon } from "../local_daemon.ts"
import { type NextStep, Output } from "../output.ts"
import { isLoopback } from "../own_address.ts"
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
    ),
    member: Flag.String("name").pipe(
      Flag.withDescription("Your name in the first mesh (default: your user name)"),
      Flag.optional
    ),
    device: Flag.String("device").pipe(
      Flag.withDescription("This machine's name in the first mesh (default: its host name)"),
      Flag.optional
    )
  },
  Effect.fn("up")(
    function*({ device, member, ...choice }) {
      const { directory, socket } = yield* Effect.orDie(homeDirectory)
      const home = Context.get(yield* Layer.build(Home.layer(directory, socket)), Home)
      const broker = yield* ownBroker({ ...choice, dataDirectory: home.brokerData })
      const ended = yield* ownDaemon(home)
      const daemon = yield* (yield* LocalDaemon).answering
      const meshes = yield* meshesOrFirst(daemon, { ...broker, names: given({ member, device }) })
      const own = meshes.find((mesh) => broker.origins.includes(mesh.broker))
      const { invite, warnings } = own === undefined
        ? noInvite(elsewhere(broker.origin, meshes))
        : yield* inviteTo(own)
      const status = yield* daemon.daemon.status({})
      const started = broker.served || Option.isSome(ended)
      const report: Up = {
        state: started ? "started" : "running",
        home: status.home,
        pid: status.pid,
        broker: { origin: broker.origin, local_only: isLoopback(broker.origin) },
        meshes: status.meshes,
        ...(invite !== undefined && { invite })
      }
      yield* (yield* Output).print(upReport, report, {
        warnings: [...broker.warnings, ...warnings],
        next: nextSteps(report, yield* programName),
        guides: true
      })
      if (!started) return
      yield* (yield* Output).note("Ctrl-C ends it, and so does claudemesh down.")
      const daemonEnds = Option.getOrElse(ended, () => untilDaemonEnds(daemon))
      yield* (yield* Foreground).stay(Effect.raceFirst(daemonEnds, broker.failed))
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
    Effect.map((address) => ({ ...address, served: true })),
    Effect.catchIf(
      ({ code }) => code === "data_locked",
      (error) =>
        Effect.flatMap(
          recall(choice.dataDirectory),
          Option.match({
            onNone: () => Effect.fail<Refused>(error),
            onSome: ({ origin, origins = [origin] }) =>
              Effect.succeed({
                origin,
                origins,
                warnings: [],
                firstAdminCode: undefined,
                failed: Effect.never,
                served: false
              })
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

/** What there is to pass on; what runs is of use without it too. */
interface Offer {
  readonly invite: InviteView | undefined
  readonly warnings: ReadonlyArray<string>
}

function noInvite(why: string): Offer {
  return { invite: undefined, warnings: [why] }
}

function elsewhere(origin: string, meshes: ReadonlyArray<MeshStatus>): string {
  const where = meshes.map(({ broker, name }) => `${name} at ${broker}`).join(", ")
  return `No mesh of this home is at ${origin}: ${where}. A mesh is reached where it was founded or ` +
    "joined: let the broker have that address again (--listen, --public-url), or found one here " +
    "from another home (CLAUDEMESH_HOME)"
}

const inviteTo = Effect.fnUntraced(function*(mesh: MeshStatus) {
  const daemon = yield* (yield* LocalDaemon).running
  return yield* connected(daemon, mesh).pipe(
    Effect.flatMap((mesh) => openInvite(daemon, mesh)),
    Effect.flatMap(inviteForOthers),
    Effect.map((invite): Offer => ({ invite, warnings: [] })),
    Effect.catch(({ message }) => Effect.succeed(noInvite(message)))
  )
})

/** The two commands after this one: somebody joins, and is written to. */
function nextSteps(up: Up, program: string): ReadonlyArray<NextStep> {
  if (up.invite?.link === undefined) {
    return [{ cmd: `${program} status`, why: "how every mesh is connected" }]
  }
  const join = `${program} join '${up.invite.link}' --name friend`
  const send = { cmd: `${program} send friend "hello"`, why: "here, in another terminal" }
  return up.broker.local_only
    ? [
      { cmd: `CLAUDEMESH_HOME=~/.claudemesh-2 ${join}`, why: "as somebody else, on this machine" },
      send
    ]
    : [{ cmd: join, why: "on another machine" }, send]
}

/** How the person who reads it can call us. */
const programName = Config.String("npm_lifecycle_event").pipe(
  Config.option,
  Config.map(Option.contains("start")),
  Config.map((isNpm) => isNpm ? "scripts/with_node claudemesh" : "claudemesh"),
  Effect.orDie
)
