/**
 * A whole mesh in one process: machines, brokers, the network between them, all on one virtual clock.
 *
 * @module
 */
import { Effect } from "effect"
import { type MadeMesh, makeMesh } from "../made_mesh.ts"
import { makeChance } from "./chance.ts"
import type { Happening, HistoryEvent } from "./history.ts"
import { Host, type HostSurroundings } from "./host.ts"
import { Network } from "./network.ts"
import type { Membership, Programs, RunningBroker, RunningDaemon } from "./parts.ts"
import type { HostRef, Plan } from "./plan.ts"
import { ReadyTasks } from "./ready_tasks.ts"
import { Timeline } from "./timeline.ts"
import type { FrameSeen } from "./trace.ts"

/** What is told of each frame and event as it happens. */
export interface WorldOptions {
  readonly plan: Plan
  readonly programs: Programs
  readonly onFrame: (frame: FrameSeen) => void
}

/** How long a request to a broker takes to fail where nobody answers. */
const REQUEST_TIMEOUT_MILLIS = 10_000

/** A world. */
export class World {
  readonly plan: Plan
  readonly timeline: Timeline
  readonly network: Network
  readonly history: Array<HistoryEvent> = []
  readonly meshes: ReadonlyArray<MadeMesh>
  readonly brokers: ReadonlyArray<Host<RunningBroker>>
  readonly machines: ReadonlyArray<Host<RunningDaemon>>
  readonly #ready: ReadyTasks

  constructor({ onFrame, plan, programs }: WorldOptions) {
    const chance = makeChance(`${plan.seed}/world`)
    this.plan = plan
    this.timeline = new Timeline(chance.fork("timeline"))
    this.#ready = new ReadyTasks(chance.fork("ready"))
    this.network = new Network({
      timeline: this.timeline,
      chance: chance.fork("network"),
      onFrame: (from, to, text) => onFrame({ type: "frame", at: this.timeline.now, from, to, text })
    })
    const surroundings: HostSurroundings = {
      timeline: this.timeline,
      ready: this.#ready,
      network: this.network,
      chance,
      tell: (happening) => this.tell(happening),
      tuning: plan.tuning
    }
    this.meshes = Array.from({ length: plan.meshes }, (_, nth) => meshOf(plan, nth))
    this.brokers = Array.from(
      { length: plan.brokers },
      (_, nth) => this.#broker(nth, surroundings, programs)
    )
    this.machines = Array.from(
      { length: plan.machines },
      (_, nth) => this.#machine(nth, surroundings, programs)
    )
  }

  tell(happening: Happening): void {
    this.history.push({ ...happening, at: this.timeline.now })
  }

  /** Starts everything. */
  start(): void {
    for (const broker of this.brokers) this.#listen(broker)
    for (const host of [...this.brokers, ...this.machines]) host.start()
  }

  /** Lets everything happen that is to happen by then. */
  runUntil(at: number): void {
    this.#ready.drain()
    while (this.timeline.step(at)) this.#ready.drain()
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

  /** The origin at which a mesh's broker is reached. */
  originOf(mesh: number): string {
    return originOf(mesh % this.plan.brokers)
  }

  /** The device of a machine in a mesh. */
  deviceOf(machine: number, mesh: number): string {
    return this.meshes[mesh]?.members.get(memberName(machine))?.device ?? ""
  }

  #broker(nth: number, surroundings: HostSurroundings, { broker }: Programs): Host<RunningBroker> {
    const lastRun = { value: undefined }
    let runs = 0
    return new Host({
      name: brokerName(nth),
      surroundings,
      isUnsynced: this.plan.isBrokerUnsynced,
      run: (world) =>
        broker.run({
          ...world,
          name: brokerName(nth),
          origin: originOf(nth),
          boot: `boot ${runs++}`,
          lastRun,
          meshes: this.meshes.filter((_, mesh) => mesh % this.plan.brokers === nth)
        })
    })
  }

  #listen(broker: Host<RunningBroker>): void {
    const origin = originOf(this.brokers.indexOf(broker))
    this.network.listen(origin, () => {
      const { process, running } = broker
      if (process === undefined || running === undefined) return undefined
      return { process, machine: broker.name, accept: (link) => running.accept(link, origin) }
    })
  }

  #machine(nth: number, surroundings: HostSurroundings, { daemon }: Programs): Host<RunningDaemon> {
    const memberships = this.meshes.map((made, mesh): Membership => ({
      made,
      name: memberName(nth),
      origin: this.originOf(mesh)
    }))
    const files = new Map<string, Uint8Array>()
    return new Host({
      name: machineName(nth),
      surroundings,
      isUnsynced: false,
      run: (world) => {
        const client = { process: world.process, machine: machineName(nth) }
        return daemon.run({
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

function memberName(machine: number): string {
  return `m${machine}`
}

function machineName(machine: number): string {
  return `machine ${machine}`
}

function brokerName(broker: number): string {
  return `broker ${broker}`
}

function originOf(broker: number): string {
  return `http://broker-${broker}.test`
}
