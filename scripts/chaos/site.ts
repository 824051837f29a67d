/**
 * The processes of a run: a broker, and machines that are members of one mesh, each behind a link of its own.
 *
 * @module
 */
import { Daemon } from "@claudemesh/daemon"
import { NodeHttpClient } from "@effect/platform-node"
import { Context, Effect, Layer, Schedule } from "effect"
import { HttpClient, HttpClientResponse } from "effect/http"
import { type BrokerStore, sqliteStore } from "./broker_store.ts"
import { type Door, doorOf, type Doors, makeDoors } from "./doors.ts"
import { makePart, type Part } from "./part.ts"
import { type ChaosOptions, MACHINES } from "./plan.ts"
import { makePostgresStore } from "./postgres_store.ts"
import { watchDaemon } from "./witness.ts"

/** A machine of the mesh. */
export interface Machine extends Part {
  /** What others call it. */
  readonly member: string
  readonly mesh: string
  readonly device: string
  readonly database: string
  readonly daemon: Daemon["Service"]
  readonly door: Door
}

/** Everything that runs. */
export interface Site {
  readonly broker: Part
  readonly store: BrokerStore
  readonly machines: ReadonlyArray<Machine>
  readonly doors: ReadonlyArray<Door>
}

/** Starts everything, founds the mesh, and has every database watched. */
export const makeSite = Effect.fnUntraced(
  function*(directory: string, { seed, store: kind }: Pick<ChaosOptions, "seed" | "store">) {
    const doors = yield* makeDoors(seed)
    const data = `${directory}/broker`
    const store = kind === "sqlite" ? sqliteStore(data) : yield* makePostgresStore(data)
    const broker = yield* makeBroker(directory, { doors, store })
    yield* startWatched(broker, store)
    const made = yield* Effect.forEach(
      Array.from({ length: MACHINES }, (_, number) => number),
      (number) => makeMachine(directory, number),
      { concurrency: "unbounded" }
    )
    yield* joinAll(made, doors)
    const machines = yield* Effect.forEach(
      made,
      (machine, number) => settleMachine(machine, doorOf(doors, number)),
      { concurrency: "unbounded" }
    )
    return { broker, store, machines, doors: doors.doors } satisfies Site
  }
)

/** Starts a broker on a store that is new, while nobody can reach it: what nobody watches does not happen. */
export function startWatched(broker: Part, store: BrokerStore): Effect.Effect<void> {
  return Effect.andThen(broker.start, store.watch)
}

const makeBroker = Effect.fnUntraced(
  function*(
    directory: string,
    { doors, store }: { readonly doors: Doors; readonly store: BrokerStore }
  ) {
    const { host, port } = doors.broker
    const isReady = HttpClient.get(`http://${host}:${port}/readyz`).pipe(
      Effect.flatMap(HttpClientResponse.filterStatusOk),
      Effect.timeout("2 seconds"),
      Effect.isSuccess,
      Effect.provide(NodeHttpClient.layerNodeHttp)
    )
    const where = ["--listen", `${host}:${port}`, "--public-url", doors.publicUrl]
    return yield* makePart({
      name: "broker",
      args: ["broker", "serve", ...store.args, ...where],
      env: { HOME: directory },
      isReady,
      log: `${directory}/broker.log`
    })
  }
)

type Unsettled = Part & Pick<Machine, "member" | "database" | "daemon">

const makeMachine = Effect.fnUntraced(function*(directory: string, number: number) {
  const member = `m${number}`
  const home = `${directory}/${member}`
  const context = yield* Layer.build(Daemon.layer({ socketPath: `${home}/run/daemon.sock` }))
  const daemon = Context.get(context, Daemon)
  const part = yield* makePart({
    name: member,
    args: ["daemon", "run"],
    env: { HOME: home, CLAUDEMESH_HOME: home },
    isReady: Effect.isSuccess(Effect.timeout(daemon.daemon.status({}), "2 seconds")),
    log: `${directory}/${member}.log`
  })
  yield* part.start
  return { ...part, member, daemon, database: `${home}/data/daemon.sqlite` } satisfies Unsettled
})

/** The first founds the mesh; the others join by its invites, each through its own door. */
const joinAll = Effect.fnUntraced(function*(machines: ReadonlyArray<Unsettled>, doors: Doors) {
  const [founder, ...others] = machines
  if (founder === undefined) return
  const { origin } = doorOf(doors, 0)
  yield* founder.daemon.meshes.create({
    payload: { name: "chaos", broker: origin, member: founder.member }
  })
  for (const [index, { daemon, member }] of others.entries()) {
    const { link = "" } = yield* founder.daemon.invites.create({ payload: {} })
    const ownLink = link.replace(origin, doorOf(doors, index + 1).origin)
    yield* daemon.meshes.join({ payload: { link: ownLink, member } })
  }
  yield* Effect.forEach(machines, (machine) => untilKnown(machine, machines.length))
})

/** A machine hears of new members from the broker. */
function untilKnown({ daemon }: Unsettled, members: number) {
  return daemon.roster.peers({ query: {} }).pipe(
    Effect.filterOrFail(({ items }) => items.length >= members - 1),
    Effect.retry(Schedule.spaced("50 millis")),
    Effect.timeout("30 seconds")
  )
}

/** Waits until so many of the machines can exchange messages, but not for ever: what keeps them apart may last. */
export function untilAttached({ machines }: Site, count: number): Effect.Effect<void> {
  return Effect.forEach(machines, isAttached, { concurrency: "unbounded" }).pipe(
    Effect.map((attached) => attached.filter(Boolean).length >= count),
    Effect.repeat({ schedule: Schedule.spaced("100 millis"), until: (enough) => enough }),
    Effect.timeoutOption(ATTACHED_WITHIN),
    Effect.asVoid
  )
}

const ATTACHED_WITHIN = "10 seconds"

function isAttached({ daemon }: Machine): Effect.Effect<boolean> {
  return daemon.daemon.status({}).pipe(
    Effect.timeout("1 second"),
    Effect.map(({ meshes: [mesh] }) => mesh?.link.state === "attached"),
    Effect.orElseSucceed(() => false)
  )
}

/** Has its database watched, before anything is sent. */
const settleMachine = Effect.fnUntraced(function*(machine: Unsettled, door: Door) {
  const { items: [status] } = yield* machine.daemon.meshes.list({})
  watchDaemon(machine.database)
  return {
    ...machine,
    door,
    mesh: status?.mesh ?? "",
    device: status?.device_id ?? ""
  } satisfies Machine
})
