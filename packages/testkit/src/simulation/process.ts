/**
 * A simulated process: runs effects on the world's scheduler and clock until it ends, is killed or frozen.
 *
 * `kill` is kill -9: its fibers stop where they are, no finalizer runs, and
 * nothing it does afterwards has an effect. `freeze` is SIGSTOP: timers that
 * come due and messages that arrive wait for `thaw`.
 *
 * @module
 */
import {
  Clock,
  Context,
  Duration,
  Effect,
  type Exit,
  type Fiber,
  Function,
  Logger,
  Random,
  References,
  Scheduler
} from "effect"
import * as SecureRandom from "effect/crypto/SecureRandom"
import type { Chance } from "./chance.ts"
import type { ReadyTasks, TaskOwner } from "./ready_tasks.ts"
import type { Timeline } from "./timeline.ts"

/** What was thrown where a process was killed in the middle of a call. */
// oxlint-disable-next-line effecttsgo/extends-native-error -- it is thrown through synchronous code of a database
export class Killed extends Error {
  override readonly name = "Killed"
  constructor() {
    super("The process was killed")
  }
}

/** How likely a fiber is to be preempted at each of its steps, and after how many at the latest. */
const PREEMPT_CHANCE = 0.01
const OPERATIONS_PER_TURN_MAX = 512

/** When simulated worlds begin, by clocks that are right: 2026-01-01. */
export const WORLD_BEGAN_AT = 1_767_225_600_000

const NANOS_PER_MILLI = 1_000_000

/** What a process runs on. */
export interface ProcessOptions {
  readonly name: string
  readonly timeline: Timeline
  readonly ready: ReadyTasks
  readonly chance: Chance
  /** How wrong the wall clock of its machine is; read each time. */
  readonly skewMillis: () => number
  /** Called once when it was killed. */
  readonly onKilled: () => void
  /** Takes what it logs. */
  readonly logger: Logger.Logger<unknown, void>
}

/** One run of a program. */
export class Process implements TaskOwner {
  readonly name: string
  /** What keys and nonces are made of here: no secret at all. */
  readonly secureRandom: SecureRandom.SecureRandom["Service"]
  readonly context: Context.Context<never>
  readonly #options: ProcessOptions
  readonly #held: Array<() => void> = []
  #state: "running" | "frozen" | "dead" = "running"

  constructor(options: ProcessOptions) {
    this.#options = options
    this.name = options.name
    this.secureRandom = SecureRandom.make(options.chance.bytes)
    this.context = Context.make(Scheduler.Scheduler, this.#scheduler()).pipe(
      Context.add(Clock.Clock, this.#clock()),
      Context.add(Random.Random, randomOf(options.chance)),
      Context.add(Logger.CurrentLoggers, new Set([options.logger])),
      // Nobody reads the spans of a simulated process, and they cost a third of its time.
      Context.add(References.TracerEnabled, false),
      Context.add(References.TracerTimingEnabled, false)
    )
  }

  get state(): "running" | "frozen" | "dead" {
    return this.#state
  }

  readonly hold = (run: () => void): void => {
    this.#held.push(run)
  }

  /** Runs an effect in it; what it comes to is told unless the process dies first. Answers with what interrupts it. */
  run<A, E>(
    effect: Effect.Effect<A, E>,
    onExit: (exit: Exit.Exit<A, E>) => void = Function.constVoid
  ): () => void {
    let fiber: Fiber.Fiber<A, E> | undefined
    this.call(() => {
      fiber = Effect.runForkWith(this.context)(effect)
      fiber.addObserver((exit) => {
        if (this.#state === "running") onExit(exit)
      })
    })
    return () => this.call(() => fiber?.interruptUnsafe())
  }

  /** Lets something outside reach it: at once, when it is thawed, or never. */
  call(run: () => void): void {
    if (this.#state === "frozen") this.#held.push(run)
    else if (this.#state === "running") this.#options.ready.add(this, run)
  }

  freeze(): void {
    if (this.#state === "running") this.#state = "frozen"
  }

  thaw(): void {
    if (this.#state !== "frozen") return
    this.#state = "running"
    for (const run of this.#held.splice(0)) this.#options.ready.add(this, run)
  }

  /** Ends it, from outside or from within one of its own calls. */
  kill(): void {
    if (this.#state === "dead") return
    this.#state = "dead"
    this.#held.length = 0
    this.#options.onKilled()
  }

  #scheduler(): Scheduler.Scheduler {
    const { chance, ready } = this.#options
    return {
      executionMode: "sync",
      shouldYield: (fiber) =>
        fiber.currentOpCount >= OPERATIONS_PER_TURN_MAX || chance.happens(PREEMPT_CHANCE),
      makeDispatcher: () => ({
        scheduleTask: (task) => ready.add(this, task),
        flush: () => ready.drain()
      })
    }
  }

  #clock(): Clock.Clock {
    const { skewMillis, timeline } = this.#options
    function millis(): number {
      return Math.floor(WORLD_BEGAN_AT + timeline.now + skewMillis())
    }
    function nanos(): bigint {
      return BigInt(Math.floor(timeline.now * NANOS_PER_MILLI))
    }
    function wallNanos(): bigint {
      return BigInt(millis()) * BigInt(NANOS_PER_MILLI)
    }
    return {
      currentTimeMillisUnsafe: millis,
      currentTimeMillis: Effect.sync(millis),
      currentTimeNanosUnsafe: wallNanos,
      currentTimeNanos: Effect.sync(wallNanos),
      monotonicTimeNanosUnsafe: nanos,
      monotonicTimeNanos: Effect.sync(nanos),
      sleep: (duration) => this.#sleep(duration)
    }
  }

  #sleep(duration: Duration.Duration): Effect.Effect<void> {
    const millis = Duration.toMillis(duration)
    if (!Number.isFinite(millis)) return Effect.never
    return Effect.callback((resume) => {
      const cancel = this.#options.timeline.after(
        millis,
        () => this.call(() => resume(Effect.void))
      )
      return Effect.sync(cancel)
    })
  }
}

function randomOf(chance: Chance): Random.Random {
  return {
    nextIntUnsafe: () => chance.between(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
    nextDoubleUnsafe: chance.next
  }
}
