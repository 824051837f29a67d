/**
 * What goes wrong in a chaos run, drawn from its seed: so many kills, and other faults between and across them.
 *
 * The seed fixes what happens and in which order, not the moments: real
 * processes take the time they take.
 *
 * @module
 */
import type { Cut, Way } from "@claudemesh/testkit"
import { type Chance, makeChance } from "@claudemesh/testkit/simulation"

/** Where the broker keeps what it stores. */
export type StoreKind = "sqlite" | "postgres"

/** A process: the broker, or a machine's daemon by its number. */
export type Victim = "broker" | number

/** One thing that goes wrong, and for how long. */
export type Fault =
  | { readonly kind: "kill"; readonly victim: Victim; readonly millis: number }
  /** Kills the broker, and deletes all that it had stored before it starts again. */
  | { readonly kind: "wipe"; readonly millis: number }
  /** Stops a process in the middle of whatever it does (SIGSTOP), and lets it go on. */
  | { readonly kind: "freeze"; readonly victim: Victim; readonly millis: number }
  | { readonly kind: "cut"; readonly machine: number; readonly how: Cut }
  | {
    readonly kind: "blackhole"
    readonly machine: number
    readonly way: Way | "both"
    readonly millis: number
  }
  | {
    readonly kind: "throttle"
    readonly machine: number
    readonly bytesPerSecond: number
    readonly millis: number
  }
  | {
    readonly kind: "delay"
    readonly machine: number
    readonly delayMillisMax: number
    readonly millis: number
  }
  | { readonly kind: "truncate"; readonly machine: number; readonly millis: number }
  /** Ends Postgres, its sessions cut off or crashed, and starts it again. */
  | {
    readonly kind: "restart_postgres"
    readonly ending: "fast" | "immediate"
    readonly millis: number
  }

/** A fault, when it strikes, and what is sent meanwhile. */
export interface Strike {
  readonly fault: Fault
  /** Whether it waits until most machines are connected; else it strikes them as they are. */
  readonly isWarm: boolean
  /** Messages that are asked for then. */
  readonly messages: number
  /** After that so long passes, so that it strikes at any point of what they set off. */
  readonly afterMillis: number
  /** Whether the next one waits until this one is over. */
  readonly isAwaited: boolean
}

/** How long a run is to be, and from which seed. */
export interface ChaosOptions {
  readonly seed: string
  readonly kills: number
  readonly messages: number
  readonly store: StoreKind
}

/** Machines of a run. */
export const MACHINES = 3

/** Runs of fewer kills are to be over soon: they have nothing in them that only a watchdog of 75 s can notice. */
const KILLS_OF_LONG_RUN = 20

/** Longer than the watchdogs wait, once in so many kills. */
const LONG_MILLIS = 80_000
const KILLS_PER_LONG = 60

type Draw = (chance: Chance) => Fault

const draws = {
  kill: (chance) => ({ kind: "kill", victim: anyVictim(chance), millis: shortly(chance) }),
  wipe: (chance) => ({ kind: "wipe", millis: shortly(chance) }),
  freeze: (chance) => ({
    kind: "freeze",
    victim: anyVictim(chance),
    millis: chance.pick([50, 300, 1_000, 3_000])
  }),
  cut: (chance) => ({
    kind: "cut",
    machine: chance.below(MACHINES),
    how: chance.pick(["fin", "reset"])
  }),
  half_open: (chance) => ({ kind: "cut", machine: chance.below(MACHINES), how: "silent" }),
  blackhole: (chance) => ({
    kind: "blackhole",
    machine: chance.below(MACHINES),
    way: chance.pick(["to_broker", "from_broker", "both"]),
    millis: chance.pick([200, 1_000, 4_000])
  }),
  throttle: (chance) => ({
    kind: "throttle",
    machine: chance.below(MACHINES),
    bytesPerSecond: chance.pick([500, 5_000, 50_000]),
    millis: chance.pick([500, 2_000, 5_000])
  }),
  delay: (chance) => ({
    kind: "delay",
    machine: chance.below(MACHINES),
    delayMillisMax: chance.pick([20, 200, 1_000]),
    millis: chance.pick([500, 2_000, 5_000])
  }),
  truncate: (chance) => ({
    kind: "truncate",
    machine: chance.below(MACHINES),
    millis: chance.pick([500, 2_000])
  }),
  restart_postgres: (chance) => ({
    kind: "restart_postgres",
    ending: chance.pick(["fast", "immediate"]),
    millis: shortly(chance)
  })
} satisfies Record<string, Draw>

/** How many of the kills wipe the broker's store. */
const WIPE_CHANCE = 0.1

/** How long the machine is away in the end. */
const AWAY_MILLIS = 3_000

/** Where brokers and links fail at every moment, little is under way that a kill could hit. */
const WARM_CHANCE = 0.7

/** How often something else goes wrong between two kills, and whether the next thing waits for the end of one. */
const OTHER_CHANCE = 0.6
const AWAITED_CHANCE = 0.6

/** The strikes of a seed. */
export function drawStrikes({ kills, messages, seed, store }: ChaosOptions): ReadonlyArray<Strike> {
  const chance = makeChance(`${seed}/chaos`)
  const others = otherDraws(kills, store)
  const faults: Array<Fault> = []
  for (let kill = 1; kill <= kills; kill++) {
    // Between the last two kills is nothing: see `drawKill`.
    if (kill < kills) faults.push(...drawSome(chance, others))
    faults.push(drawKill(chance, kills - kill))
    if (kill % KILLS_PER_LONG === 0) faults.push(long(chance, kill / KILLS_PER_LONG))
  }
  return faults.map((fault, index): Strike => {
    const isWipe = fault.kind === "wipe"
    // What is wiped is to be there while others are away.
    const isBeforeWipe = faults[index + 1]?.kind === "wipe"
    return {
      fault,
      isWarm: chance.happens(WARM_CHANCE) || isWipe,
      messages: share(messages, faults.length, index),
      afterMillis: isWipe ? chance.between(200, 500) : chance.next() ** 2 * 400,
      isAwaited: isShort(fault) && chance.happens(AWAITED_CHANCE) && !isBeforeWipe
    }
  })
}

/**
 * Draws a kill. In the end the store is wiped while a machine is away, so that messages are lost which
 * only the broker had: nothing comes after them in their streams by which that would be noticed.
 */
function drawKill(chance: Chance, left: number): Fault {
  if (left === 1) return { kind: "kill", victim: chance.below(MACHINES), millis: AWAY_MILLIS }
  return left === 0 || chance.happens(WIPE_CHANCE) ? draws.wipe(chance) : draws.kill(chance)
}

function otherDraws(kills: number, store: StoreKind): ReadonlyArray<Draw> {
  const { half_open, kill: _, restart_postgres, wipe: __, ...others } = draws
  return [
    ...Object.values(others),
    ...(kills < KILLS_OF_LONG_RUN ? [] : [half_open]),
    ...(store === "postgres" ? [restart_postgres, restart_postgres] : [])
  ]
}

function drawSome(chance: Chance, draws: ReadonlyArray<Draw>): ReadonlyArray<Fault> {
  const faults: Array<Fault> = []
  while (chance.happens(OTHER_CHANCE)) faults.push(chance.pick(draws)(chance))
  return faults
}

/** In turns, what the watchdogs of either side have to notice. */
function long(chance: Chance, nth: number): Fault {
  const machine = chance.below(MACHINES)
  const way = chance.pick(["to_broker", "from_broker"] as const)
  const daemonFrozen: Fault = { kind: "freeze", victim: machine, millis: LONG_MILLIS }
  const kinds: ReadonlyArray<Fault> = [
    daemonFrozen,
    { kind: "blackhole", machine, way, millis: LONG_MILLIS },
    { kind: "freeze", victim: "broker", millis: LONG_MILLIS }
  ]
  return kinds[(nth - 1) % kinds.length] ?? daemonFrozen
}

function isShort(fault: Fault): boolean {
  return !("millis" in fault) || fault.millis < LONG_MILLIS
}

/** Half of the kills hit the broker: all others depend on it. */
function anyVictim(chance: Chance): Victim {
  return chance.happens(0.5) ? "broker" : chance.below(MACHINES)
}

function shortly(chance: Chance): number {
  return chance.pick([0, 0, 200, 1_000])
}

/** Shares so many out evenly: the part of one of them. */
function share(total: number, among: number, index: number): number {
  return Math.floor((total * (index + 1)) / among) - Math.floor((total * index) / among)
}
