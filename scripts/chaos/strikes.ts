/**
 * How each fault of a plan is carried out on real processes, and undone again.
 *
 * Whatever a fault befalls is one thing's at a time: a link that is throttled
 * is not healed by the end of another fault, and a frozen process is not killed.
 *
 * @module
 */
import { SOUND_LINK } from "@claudemesh/testkit"
import { Effect, Semaphore } from "effect"
import type { Part } from "./part.ts"
import type { Fault, Victim } from "./plan.ts"
import type { Recorder } from "./recorder.ts"
import { type Machine, type Site, startWatched } from "./site.ts"

type FaultOf<Name extends Fault["kind"]> = Extract<Fault, { readonly kind: Name }>

/** A run while it goes on. */
export interface Scene {
  readonly site: Site
  readonly recorder: Recorder
  /** One for each process by its name, each link by its origin, and the database. */
  readonly locks: ReadonlyMap<string, Semaphore.Semaphore>
}

/** A site on which nothing has gone wrong yet. */
export function makeScene(site: Site, recorder: Recorder): Scene {
  const parts = [site.broker, ...site.machines].map(({ name }) => name)
  const names = [...parts, ...site.doors.map(({ origin }) => origin), DATABASE]
  const locks = new Map(names.map((name) => [name, Semaphore.makeUnsafe(1)]))
  return { site, recorder, locks }
}

/** Carries a fault out, from its beginning to its end. */
export function strike(scene: Scene, fault: Fault): Effect.Effect<void> {
  return subjectsOf(scene, fault).reduce(
    (effect, name) => scene.locks.get(name)?.withPermit(effect) ?? effect,
    Effect.andThen(tell(scene, fault), carryOut(scene, fault))
  )
}

function carryOut<Name extends Fault["kind"]>(
  scene: Scene,
  fault: FaultOf<Name> & { readonly kind: Name }
): Effect.Effect<void> {
  const performance: (scene: Scene, fault: FaultOf<Name>) => Effect.Effect<void> =
    performances[fault.kind]
  return performance(scene, fault)
}

/** The table of faults. */
const performances: {
  readonly [Name in Fault["kind"]]: (scene: Scene, fault: FaultOf<Name>) => Effect.Effect<void>
} = {
  kill: ({ recorder, site }, { millis, victim }) => {
    const { kill, name, start } = partOf(site, victim)
    return whileDown({
      down: Effect.andThen(kill, recorder.tell({ type: "killed", process: name })),
      millis,
      up: Effect.andThen(recorder.tell({ type: "started", process: name }), start)
    })
  },
  wipe: (scene, { millis }) => {
    const { recorder, site: { broker, doors, store } } = scene
    return Effect.gen(function*() {
      yield* broker.kill
      yield* recorder.tell({ type: "killed", process: broker.name })
      // What it stored until its database is watched would be missing from the history.
      for (const { proxy } of doors) yield* proxy.refuse
      yield* recorder.keep(yield* store.read)
      yield* store.wipe
      yield* recorder.tell({ type: "store_lost", broker: broker.name })
      yield* Effect.sleep(millis)
      yield* startWatched(broker, store)
      yield* recorder.tell({ type: "started", process: broker.name })
      for (const { proxy } of doors) yield* proxy.heal
    })
  },
  freeze: ({ site }, { millis, victim }) => {
    const { freeze } = partOf(site, victim)
    return whileDown({ down: freeze(true), millis, up: freeze(false) })
  },
  cut: ({ site }, { how, machine }) => machineOf(site, machine).door.proxy.cut(how),
  blackhole: ({ site }, { machine, millis, way }) => {
    const { proxy } = machineOf(site, machine).door
    return whileDown({ down: proxy.blackhole(way), millis, up: proxy.heal })
  },
  throttle: ({ site }, { bytesPerSecond, machine, millis }) =>
    onLink(machineOf(site, machine), { bytesPerSecond }, millis),
  delay: ({ site }, { delayMillisMax, machine, millis }) =>
    onLink(machineOf(site, machine), { delayMillisMax }, millis),
  truncate: ({ site }, { machine, millis }) =>
    onLink(machineOf(site, machine), { truncateChance: 0.2 }, millis),
  restart_postgres: ({ site }, { ending, millis }) => site.store.restart(ending, millis)
}

function whileDown({ down, millis, up }: {
  readonly down: Effect.Effect<void>
  readonly millis: number
  readonly up: Effect.Effect<void>
}): Effect.Effect<void> {
  return down.pipe(Effect.andThen(Effect.sleep(millis)), Effect.andThen(up))
}

function onLink(
  { door: { proxy } }: Machine,
  faults: Parameters<Machine["door"]["proxy"]["set"]>[0],
  millis: number
): Effect.Effect<void> {
  return whileDown({ down: proxy.set(faults), millis, up: proxy.set(SOUND_LINK) })
}

/** The processes and links that a fault befalls; always in the same order, so that no two wait for each other. */
function subjectsOf({ site }: Scene, fault: Fault): ReadonlyArray<string> {
  if ("victim" in fault) return [partOf(site, fault.victim).name]
  if ("machine" in fault) return [machineOf(site, fault.machine).door.origin]
  if (fault.kind === "restart_postgres") return [DATABASE]
  return [...site.doors.map(({ origin }) => origin), site.broker.name, DATABASE]
}

/** The server that a broker's store may be in. */
const DATABASE = "database"

function partOf(site: Site, victim: Victim): Part {
  return victim === "broker" ? site.broker : machineOf(site, victim)
}

function machineOf({ machines }: Site, number: number): Machine {
  const machine = machines[number]
  if (machine === undefined) throw new Error(`There is no machine ${number}`)
  return machine
}

function tell({ recorder }: Scene, { kind, ...facts }: Fault): Effect.Effect<void> {
  return recorder.tell({ type: "fault", what: `${kind} ${JSON.stringify(facts)}` })
}
