/**
 * A whole mesh in one process: machines, brokers, the network between them, all on one virtual clock.
 *
 * @module
 */
import { Effect, Function, Logger } from "effect"
import { type MadeMesh, makeMesh } from "../made_mesh.ts"
import { makeChance } from "./chance.ts"
import { DiskDatabase, DiskDatabasePool } from "./disk_database.ts"
import type { Happening, HistoryEvent } from "./history.ts"
import { Host, type HostSurroundings } from "./host.ts"
import { arrivalOf, Moments } from "./moments.ts"
import { type BrokerLink, Network } from "./network.ts"
import type {
  BrokerProgram,
  DaemonProgram,
  Membership,
  Programs,
  RunningBroker,
  RunningDaemon
} from "./parts.ts"
import type { HostRef, Plan } from "./plan.ts"
import { Process } from "./process.ts"
import { ReadyTasks } from "./ready_tasks.ts"
import { Timeline } from "./timeline.ts"
import type { FrameSeen } from "./trace.ts"

/** What is told of each frame and event as it happens. */
export interface WorldOptions {
  readonly plan: Plan
  readonly programs: Programs
  readonly onFrame: (frame: FrameSeen) => void
}

/** No run fills a mailbox of so many. */
const MAILBOX_ENTRIES_ENOUGH = 1_000

/** How long a request to a broker takes to fail where nobody answers. */
const REQUEST_TIMEOUT_MILLIS = 10_000

/** A world. */
export class World {
  readonly plan: Plan
  readonly timeline: Timeline
  readonly network: Network
  readonly history: Array<HistoryEvent> = []
  readonly moments = new Moments()
  readonly meshes: ReadonlyArray<MadeMesh>
  readonly brokers: ReadonlyArray<Host<RunningBroker>>
  readonly machines: ReadonlyArray<Host<RunningDaemon>>
  /** What each machine keeps beside its database. */
  readonly files: ReadonlyArray<Map<string, Uint8Array>>
  /** Brokers that are reached through another one. */
  readonly relayed = new Set<Host<RunningBroker>>()
  readonly #ready: ReadyTasks
  readonly #surroundings: HostSurroundings
  readonly #programs: Programs

  constructor({ onFrame, plan, programs }: WorldOptions) {
    const chance = makeChance(`${plan.seed}/world`)
    this.plan = plan
    this.timeline = new Timeline(chance.fork("timeline"))
    this.#ready = new ReadyTasks(chance.fork("ready"))
    this.network = new Network({
      timeline: this.timeline,
      chance: chance.fork("network"),
      onFrame: (from, to, text) => {
        onFrame({ type: "frame", at: this.timeline.now, from, to, text })
        this.moments.notice(arrivalOf(text))
      }
    })
    this.#programs = programs
    this.#surroundings = {
      timeline: this.timeline,
      ready: this.#ready,
      network: this.network,
      chance,
      tell: (happening) => this.tell(happening),
      moments: this.moments,
      tuning: plan.tuning
    }
    this.meshes = Array.from({ length: plan.meshes }, (_, nth) => meshOf(plan, nth))
    this.brokers = Array.from({ length: plan.brokers }, (_, nth) => this.#broker(nth))
    this.files = Array.from({ length: plan.machines }, () => new Map())
    this.machines = this.files.map((files, nth) => this.#machine(nth, machineName(nth), files))
  }

  tell(happening: Happening): void {
    this.history.push({ ...happening, at: this.timeline.now })
    this.moments.notice(happening.type)
  }

  /** Starts everything. */
  start(): void {
    if ((this.plan.tuning["mailboxEntriesMax"] ?? Infinity) < MAILBOX_ENTRIES_ENOUGH) {
      this.tell({ type: "quota_met" })
    }
    for (const broker of this.brokers) this.#listen(broker)
    for (const host of [...this.brokers, ...this.machines]) host.start()
  }

  /** Lets everything happen that is to happen by then. */
  runUntil(at: number): void {
    this.#ready.drain()
    while (this.timeline.step(at)) this.#ready.drain()
  }

  /** A process of somebody's who is of no mesh. */
  stranger(): Process {
    return new Process({
      name: "stranger",
      timeline: this.timeline,
      ready: this.#ready,
      chance: makeChance(`${this.plan.seed}/stranger`),
      skewMillis: () => 0,
      onKilled: Function.constVoid,
      logger: Logger.make(Function.constVoid)
    })
  }

  /** Ends all of it, and gives back what it holds. */
  destroy(): void {
    for (const host of [...this.brokers, ...this.machines]) host.destroy()
  }

  host({ kind, number }: HostRef): Host<unknown> {
    const host = (kind === "machine" ? this.machines : this.brokers)[number]
    if (host === undefined) throw new Error(`There is no ${kind} ${number}`)
    return host
  }

  /** The device of a machine in a mesh. */
  deviceOf(machine: number, mesh: number): string {
    return this.meshes[mesh]?.members.get(memberName(machine))?.device ?? ""
  }

  /** Another machine that is a copy of one, keys and all. */
  clone(machine: number): Host<RunningDaemon> {
    const name = `${machineName(machine)} copied`
    const clone = this.#machine(machine, name, new Map(this.files[machine]))
    clone.wipe(this.machines[machine]?.disk.copy())
    return clone
  }

  #broker(nth: number): Host<RunningBroker> {
    const lastRun = { value: undefined }
    let runs = 0
    const host: Host<RunningBroker> = new Host({
      name: brokerName(nth),
      surroundings: this.#surroundings,
      isUnsynced: this.plan.isBrokerUnsynced,
      makeDatabase: () => this.#database(this.#programs.broker),
      run: (world) =>
        this.#programs.broker.run({
          ...world,
          name: brokerName(nth),
          origin: originOf(nth),
          isFounding: runs++ === 0,
          boot: `boot ${host.boots}`,
          lastRun,
          meshes: this.meshes.filter((_, mesh) => mesh % this.plan.brokers === nth)
        })
    })
    return host
  }

  #database({ install }: BrokerProgram | DaemonProgram): DiskDatabase {
    if (this.plan.areDisksInstalled !== true) return new DiskDatabase()
    const pool = pools.get(install) ?? new DiskDatabasePool(install)
    pools.set(install, pool)
    return pool.take()
  }

  #listen(broker: Host<RunningBroker>): void {
    const origin = originOf(this.brokers.indexOf(broker))
    this.network.listen(origin, () => {
      const { process, running } = broker
      if (process === undefined || running === undefined) return undefined
      const accept = (link: BrokerLink) =>
        this.relayed.has(broker)
          ? running.accept(relayed(link, origin), OTHER_ORIGIN)
          : running.accept(link, origin)
      return { process, machine: broker.name, accept }
    })
  }

  #machine(nth: number, name: string, files: Map<string, Uint8Array>): Host<RunningDaemon> {
    const { plan } = this
    const memberships = this.meshes.map((made, mesh): Membership => ({
      made,
      name: memberName(nth),
      origin: originOf(mesh % plan.brokers)
    }))
    return new Host({
      name,
      surroundings: this.#surroundings,
      isUnsynced: false,
      makeDatabase: () => this.#database(this.#programs.daemon),
      run: (world) => {
        const client = { process: world.process, machine: name }
        return this.#programs.daemon.run({
          ...world,
          memberships,
          files,
          connect: (origin) => this.network.connect(client, origin),
          put: (origin, statements) => this.#put(client, origin, statements)
        })
      }
    })
  }

  /** A request over HTTP: it reaches the broker or does not, and so does the answer. */
  #put(
    client: Parameters<Network["connect"]>[0],
    origin: string,
    statements: MadeMesh["statements"]
  ): Effect.Effect<unknown, string> {
    return Effect.callback((resume) => {
      const answer = (millis: number, exit: Effect.Effect<unknown, string>) =>
        this.timeline.after(millis, () => client.process.call(() => resume(exit)))
      const broker = this.brokers[this.brokers.findIndex((_, nth) => originOf(nth) === origin)]
      if (broker?.process === undefined || this.network.isCutOff(client.machine, broker.name)) {
        return void answer(REQUEST_TIMEOUT_MILLIS, Effect.fail("it does not answer"))
      }
      const { process, running } = broker
      if (running === undefined) return void answer(1, Effect.fail("nothing listens there"))
      process.run(running.put(statements), (exit) => answer(1, exit))
      answer(REQUEST_TIMEOUT_MILLIS, Effect.fail("it does not answer"))
    })
  }
}

/** Databases for all worlds, by what is installed in them. */
const pools = new Map<DaemonProgram["install"], DiskDatabasePool>()

/** Keys are many and slow to make, and say nothing about delivery: some meshes are enough for all runs. */
const MESHES_MADE = 16
const made = new Map<string, MadeMesh>()

/** The mesh of a plan, by its number. */
export function meshOf({ machines, seed }: Plan, nth: number): MadeMesh {
  const number = makeChance(`${seed}/mesh ${nth}`).below(MESHES_MADE)
  const key = `${machines} ${nth} ${number}`
  const known = made.get(key)
  if (known !== undefined) return known
  const [first = "", ...others] = Array.from(
    { length: machines },
    (_, machine) => memberName(machine)
  )
  const mesh = makeMesh(`simulation ${key}`, [first, ...others])
  made.set(key, mesh)
  return mesh
}

/** How a broker is reached by one that passes on what others say. */
const OTHER_ORIGIN = "http://other-broker.test"

/** What a broker in between passes on: all but that it is another one. */
function relayed(link: BrokerLink, origin: string): BrokerLink {
  return { ...link, send: (text) => link.send(text.replaceAll(OTHER_ORIGIN, origin)) }
}

function memberName(machine: number): string {
  return `m${machine}`
}

function machineName(machine: number): string {
  return `machine ${machine}`
}

function brokerName(broker: number): string {
  return `broker ${broker}`
}

/** The origin at which a broker is reached. */
export function originOf(broker: number): string {
  return `http://broker-${broker}.test`
}
