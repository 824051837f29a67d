/**
 * What one run does: a world, and a list of things that are done and go wrong in it. A seed draws one; shrinking cuts it.
 *
 * A plan says everything that makes a run what it is, so that the same plan
 * gives the same run. Which kinds of fault there are at all is drawn first, for
 * every run anew: where everything goes wrong at once, most bugs hide behind
 * another ("swarm testing", Groce et al. 2012).
 *
 * @module
 */
import type { AimedAct } from "./aimed_acts.ts"
import { type Chance, makeChance } from "./chance.ts"
import { CALM, type NetworkFaults } from "./connection.ts"

/** Whether faults heal after a while, or some stay for good and the rest must go on. */
export type Mode = "safety" | "liveness"

/** Something a user does, or that goes wrong, at a time. Machines, brokers and meshes go by number. */
export type Step = { readonly at: number } & Act

/** What can happen. */
export type Act =
  | {
    readonly act: "send"
    readonly from: number
    readonly to: number
    readonly mesh: number
    readonly size: number
    readonly ttl?: number
    readonly priority?: "now" | "low"
    /** Takes the id of an earlier `send`, which may be another machine's: ids are each device's own. */
    readonly idOf?: number
  }
  /** Asks again with the id and the words of an earlier `send`, or with other words. */
  | { readonly act: "repeat"; readonly earlier: number; readonly isAltered: boolean }
  | { readonly act: "leave"; readonly machine: number; readonly mesh: number }
  | { readonly act: "kill"; readonly host: HostRef; readonly downMillis: number }
  /** Kills within one of the next calls to its disk. */
  | {
    readonly act: "kill_at_call"
    readonly host: HostRef
    readonly calls: number
    readonly downMillis: number
  }
  | { readonly act: "stop"; readonly host: HostRef; readonly downMillis: number }
  | { readonly act: "lose_power"; readonly host: HostRef; readonly downMillis: number }
  | { readonly act: "wipe"; readonly broker: number; readonly downMillis: number }
  | { readonly act: "freeze"; readonly host: HostRef; readonly millis: number }
  | { readonly act: "fill_disk"; readonly host: HostRef; readonly millis: number }
  | { readonly act: "set_clock"; readonly host: HostRef; readonly skewMillis: number }
  | { readonly act: "cut"; readonly machine: number }
  /** Sends frames again that any machine has sent before, on a connection of this one. */
  | { readonly act: "replay"; readonly machine: number; readonly frames: number }
  /** The next commit of a broker happens, and fails all the same. */
  | { readonly act: "lose_answer"; readonly broker: number }
  | {
    readonly act: "partition"
    readonly machine: number
    readonly broker: number
    readonly ways: "both" | "to_broker" | "from_broker"
    /** Nothing where it stays for good. */
    readonly millis: number | undefined
  }
  | AimedAct

/** A machine or a broker. */
export interface HostRef {
  readonly kind: "machine" | "broker"
  readonly number: number
}

/** A whole run. */
export interface Plan {
  readonly seed: string
  readonly mode: Mode
  readonly machines: number
  readonly brokers: number
  readonly meshes: number
  /** Whether a broker's disk may lose commits in a power cut. */
  readonly isBrokerUnsynced: boolean
  /** Whether disks begin with what the programs create there, instead of empty. Most worlds do, for speed. */
  readonly areDisksInstalled?: boolean
  readonly network: NetworkFaults
  readonly tuning: Readonly<Record<string, number>>
  /** When whatever heals has healed. */
  readonly healsAt: number
  readonly steps: ReadonlyArray<Step>
}

type Draw = (chance: Chance, world: Shape) => Act

interface Shape {
  readonly machines: number
  readonly brokers: number
  readonly meshes: number
}

const MINUTE = 60_000

/** Kinds of fault, each with how it is drawn. */
export const faultKinds = {
  kill: (chance, world) => ({ act: "kill", host: anyHost(chance, world), ...down(chance) }),
  kill_at_call: (chance, world) => ({
    act: "kill_at_call",
    host: anyHost(chance, world),
    calls: chance.below(60),
    ...down(chance)
  }),
  stop: (chance, world) => ({ act: "stop", host: anyHost(chance, world), ...down(chance) }),
  lose_power: (chance, world) => ({
    act: "lose_power",
    host: anyHost(chance, world),
    ...down(chance)
  }),
  wipe: (chance, world) => ({ act: "wipe", broker: chance.below(world.brokers), ...down(chance) }),
  freeze: (chance, world) => ({
    act: "freeze",
    host: anyHost(chance, world),
    millis: chance.pick([500, 5_000, 40_000, 120_000])
  }),
  fill_disk: (chance, world) => ({
    act: "fill_disk",
    host: anyHost(chance, world),
    millis: chance.between(500, 20_000)
  }),
  set_clock: (chance, world) => ({
    act: "set_clock",
    host: anyHost(chance, world),
    skewMillis: chance.pick([-1, 1]) * chance.pick([2_000, MINUTE, 3_600_000, 315_576_000_000])
  }),
  cut: (chance, world) => ({ act: "cut", machine: chance.below(world.machines) }),
  replay: (chance, world) => ({
    act: "replay",
    machine: chance.below(world.machines),
    frames: chance.between(1, 20)
  }),
  lose_answer: (chance, world) => ({ act: "lose_answer", broker: chance.below(world.brokers) }),
  partition: (chance, world) => ({
    act: "partition",
    machine: chance.below(world.machines),
    broker: chance.below(world.brokers),
    ways: chance.pick(["both", "to_broker", "from_broker"]),
    millis: chance.pick([1_000, 10_000, 90_000])
  }),
  lose_prekeys: (chance, world) => ({
    act: "lose_prekeys",
    machine: chance.below(world.machines),
    ...down(chance)
  }),
  leave: (chance, world) => ({
    act: "leave",
    machine: chance.below(world.machines),
    mesh: chance.below(world.meshes)
  })
} satisfies Record<string, Draw>

/** Kinds that a run has more rarely than the others: they end what could show another bug. */
const RARE: ReadonlySet<string> = new Set(["leave", "set_clock", "fill_disk"])

/** The plan of a seed. */
export function drawPlan(seed: string, mode: Mode): Plan {
  const chance = makeChance(`${seed}/plan`)
  const world: Shape = {
    machines: chance.pick([2, 2, 3, 3, 3, 4, 5]),
    brokers: chance.pick([1, 1, 1, 2]),
    meshes: chance.pick([1, 1, 1, 2])
  }
  const healsAt = chance.pick([5_000, 20_000, 60_000, 3 * MINUTE])
  const steps = [...drawSends(chance, world, healsAt), ...drawFaults(chance, world, healsAt)]
  return {
    seed,
    mode,
    ...world,
    isBrokerUnsynced: chance.happens(0.3),
    areDisksInstalled: chance.happens(0.9),
    network: drawNetwork(chance),
    tuning: drawTuning(chance),
    healsAt,
    steps: [...steps, ...(mode === "liveness" ? drawForGood(chance, world, healsAt) : [])]
      .toSorted((one, other) => one.at - other.at)
  }
}

function drawSends(chance: Chance, world: Shape, until: number): ReadonlyArray<Step> {
  const count = chance.pick([3, 5, 8, 12, 20])
  // All at once, or all along.
  const span = chance.happens(0.4) ? Math.min(until, 500) : until
  const sends = Array.from({ length: count }, (_, number): Step => ({
    at: chance.below(span),
    act: "send",
    ...drawSend(chance, world, number)
  }))
  const repeats = Array.from({ length: chance.pick([0, 0, 1, 3]) }, (): Step => ({
    at: chance.below(until),
    act: "repeat",
    earlier: chance.below(count),
    isAltered: chance.happens(0.3)
  }))
  return [...sends, ...repeats]
}

function drawSend(chance: Chance, world: Shape, number: number) {
  const from = chance.below(world.machines)
  return {
    from,
    to: (from + 1 + chance.below(world.machines - 1)) % world.machines,
    mesh: chance.below(world.meshes),
    size: chance.pick([1, 20, 20, 200, 3_000]),
    ...(chance.happens(0.05) ? { ttl: chance.between(2_000, 30_000) } : {}),
    ...(chance.happens(0.2) ? { priority: chance.pick(["now", "low"] as const) } : {}),
    ...(chance.happens(0.1) && number > 0 ? { idOf: chance.below(number) } : {})
  }
}

function drawFaults(chance: Chance, world: Shape, until: number): ReadonlyArray<Step> {
  const isCalm = chance.happens(0.05)
  const kinds = Object.entries(faultKinds)
    .filter(([kind]) => chance.happens(RARE.has(kind) ? 0.15 : 0.35))
  if (isCalm || kinds.length === 0) return []
  const count = chance.pick([1, 2, 4, 8])
  return Array.from({ length: count }, () => {
    const [, draw] = chance.pick(kinds)
    return { at: chance.below(until), ...draw(chance, world) }
  })
}

/** What never heals: one machine is cut off one way, from when all else is well. */
function drawForGood(chance: Chance, world: Shape, at: number): ReadonlyArray<Step> {
  if (world.machines < 3) return []
  const machine = chance.below(world.machines)
  const ways = chance.pick(["both", "to_broker", "from_broker"] as const)
  return Array.from(
    { length: world.brokers },
    (_, broker): Step => ({ at, act: "partition", machine, broker, ways, millis: undefined })
  )
}

function drawNetwork(chance: Chance): NetworkFaults {
  function rate(most: number): number {
    return chance.happens(0.3) ? chance.next() * most : 0
  }
  return {
    delayMillisMax: chance.pick([CALM.delayMillisMax, 50, 500, 3_000]),
    duplicateChance: rate(0.2),
    truncateChance: rate(0.05),
    cutChance: rate(0.1),
    halfOpenChance: chance.pick([0, 0.2, 0.5]),
    readerBytesPerMilli: chance.pick([CALM.readerBytesPerMilli, CALM.readerBytesPerMilli, 5, 0.5])
  }
}

/** Bounds of the broker that are usually too wide to be met in a short run, and here are met sometimes. */
function drawTuning(chance: Chance): Readonly<Record<string, number>> {
  if (chance.happens(0.5)) return {}
  return {
    admissionsPerBatch: chance.pick([1, 2, 200]),
    admissionsQueued: chance.pick([1, 4, 2_000]),
    windowEntriesMax: chance.pick([1, 2, 64]),
    inboxFramesMax: chance.pick([1, 2, 64]),
    bufferedBytesMax: chance.pick([1, 4_096, 1_048_576]),
    framesPerSecond: chance.pick([20, 500]),
    framesBurst: chance.pick([5, 1_000]),
    mailboxEntriesMax: chance.pick([2, 250_000, 250_000, 250_000])
  }
}

function anyHost(chance: Chance, { brokers, machines }: Shape): HostRef {
  return chance.happens(0.5)
    ? { kind: "machine", number: chance.below(machines) }
    : { kind: "broker", number: chance.below(brokers) }
}

function down(chance: Chance): { readonly downMillis: number } {
  return { downMillis: chance.pick([10, 500, 3_000, 30_000]) }
}
