/**
 * A machine with one program on it: its disk and files outlive the processes that run the program, one at a time.
 *
 * @module
 */
import { Cause, Effect, type Exit, Logger, type Scope } from "effect"
import type { Chance } from "./chance.ts"
import { Disk } from "./disk.ts"
import type { DiskDatabase } from "./disk_database.ts"
import type { Happening } from "./history.ts"
import type { Moments } from "./moments.ts"
import type { Network } from "./network.ts"
import type { MachineWorld } from "./parts.ts"
import { Process } from "./process.ts"
import type { ReadyTasks } from "./ready_tasks.ts"
import type { Timeline } from "./timeline.ts"

/** What all machines of a world share. */
export interface HostSurroundings {
  readonly timeline: Timeline
  readonly ready: ReadyTasks
  readonly network: Network
  readonly chance: Chance
  readonly tell: (happening: Happening) => void
  readonly moments: Moments
  readonly tuning: Readonly<Record<string, number>>
}

/** What one machine is. */
export interface HostOptions<Running> {
  readonly name: string
  readonly surroundings: HostSurroundings
  readonly isUnsynced: boolean
  /** What is on a disk that nothing was put on. */
  readonly makeDatabase: () => DiskDatabase
  /** The program; it runs until the scope closes. */
  readonly run: (world: MachineWorld) => Effect.Effect<Running, string, Scope.Scope>
}

/** How soon a program that could not start is started again, as a supervisor does. */
const START_AGAIN_MILLIS = 5_000

/** How likely the death of a process is the machine's, of which nobody is told. */
const SILENT_CHANCE = 0.2

/** One machine. */
export class Host<Running> {
  readonly name: string
  disk: Disk
  skewMillis = 0
  /** How often the machine itself was started again. */
  boots = 0
  /** What runs there now, once it has started. */
  running: Running | undefined
  process: Process | undefined
  readonly #options: HostOptions<Running>
  readonly #chance: Chance
  #interrupt: (() => void) | undefined

  constructor(options: HostOptions<Running>) {
    this.#options = options
    this.name = options.name
    this.#chance = options.surroundings.chance.fork(options.name)
    this.disk = this.#newDisk()
  }

  get isUp(): boolean {
    return this.process !== undefined && this.process.state !== "dead"
  }

  /** Starts the program, if it does not run. */
  start(): void {
    if (this.isUp) return
    const { ready, tell, timeline, tuning } = this.#options.surroundings
    const process: Process = new Process({
      name: this.name,
      timeline,
      ready,
      chance: this.#chance,
      skewMillis: () => this.skewMillis,
      logger: Logger.make((line) => this.#log(line)),
      onKilled: () => this.#died(process)
    })
    this.process = process
    tell({ type: "started", process: this.name })
    const program = Effect.suspend(() =>
      this.#options.run({ process, disk: this.disk, tell, tuning })
    ).pipe(
      Effect.tap((running) => Effect.sync(() => void (this.running = running))),
      Effect.andThen(Effect.never),
      Effect.scoped
    )
    this.#interrupt = process.run(program, (exit) => this.#exited(process, exit))
  }

  /** Asks it to end in order. */
  stop(): void {
    this.running = undefined
    this.#interrupt?.()
  }

  kill(): void {
    this.process?.kill()
  }

  /** Kills it with the whole machine: what its disk had not written out is lost. */
  losePower(): void {
    this.kill()
    this.boots++
    this.disk.losePower()
  }

  /** Puts another disk in the place of its own: with that database on it, or empty. */
  wipe(database?: DiskDatabase): void {
    this.kill()
    this.disk.destroy()
    this.disk = this.#newDisk(database)
  }

  /** Ends it for good. */
  destroy(): void {
    this.kill()
    this.disk.destroy()
  }

  #newDisk(database = this.#options.makeDatabase()): Disk {
    const { isUnsynced, name, surroundings: { moments } } = this.#options
    return new Disk({ name, chance: this.#chance, isUnsynced, moments, database })
  }

  #died(process: Process): void {
    const { network, tell } = this.#options.surroundings
    if (this.process === process) this.running = undefined
    tell({ type: "killed", process: this.name })
    network.died(this.name, this.#chance.happens(SILENT_CHANCE))
  }

  #exited(process: Process, exit: Exit.Exit<unknown, unknown>): void {
    process.kill()
    if (exit._tag === "Success" || Cause.hasInterruptsOnly(exit.cause)) return
    const { tell, timeline } = this.#options.surroundings
    tell({ type: "fault", what: `${this.name} could not start: ${Cause.pretty(exit.cause)}` })
    timeline.after(START_AGAIN_MILLIS, () => this.start())
  }

  #log({ cause, logLevel, message }: Logger.Options<unknown>): void {
    // A process that was killed in the middle of something says nothing of it any more.
    const isToTell = this.isUp && (logLevel === "Error" || logLevel === "Fatal")
    if (!isToTell) return
    const why = cause.reasons.length === 0 ? "" : `: ${Cause.pretty(cause)}`
    const text = `${Array.isArray(message) ? message.map(shown).join(" ") : shown(message)}${why}`
    this.#options.surroundings.tell({ type: "logged", process: this.name, text })
  }
}

function shown(part: unknown): string {
  if (typeof part === "string") return part
  return Cause.isCause(part) ? Cause.pretty(part) : JSON.stringify(part) ?? String(part)
}
