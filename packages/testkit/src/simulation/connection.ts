/**
 * A simulated connection between a daemon and a broker: a lane each way, and what can go wrong with it.
 *
 * @module
 */
import type { Chance } from "./chance.ts"
import { Lane, type LaneOptions, type Packet } from "./lane.ts"
import type { Process } from "./process.ts"

/** How a network treats its connections; a chance is for each frame, between 0 and 1. */
export interface NetworkFaults {
  delayMillisMax: number
  duplicateChance: number
  truncateChance: number
  cutChance: number
  /** Of cuts, how many leave one end believing that it is still connected. */
  halfOpenChance: number
  /** How fast a daemon reads. */
  readerBytesPerMilli: number
}

/** A network with which nothing is wrong. */
export const CALM: NetworkFaults = {
  delayMillisMax: 5,
  duplicateChance: 0,
  truncateChance: 0,
  cutChance: 0,
  halfOpenChance: 0,
  readerBytesPerMilli: 100_000
}

/** What is told at an end. */
export interface EndHandlers {
  readonly text: (text: string) => void
  readonly closed: (code: number, reason: string) => void
  /** The far end's transport has shown a sign of life. */
  readonly heard: () => void
}

/** One end of a connection. */
export interface End {
  readonly process: Process
  readonly machine: string
}

/** What a connection needs of its network. */
export interface ConnectionOptions {
  readonly client: End
  readonly broker: End
  readonly chance: Chance
  readonly faults: NetworkFaults
  readonly timeline: LaneOptions["timeline"]
  readonly isBlocked: (from: string, to: string) => boolean
  readonly onFrame: (from: string, to: string, text: string) => void
  readonly onClosed: (connection: SimulatedConnection) => void
}

type Side = "client" | "broker"

const OTHER = { client: "broker", broker: "client" } as const

/** The close code of a connection that just broke. */
const ABNORMAL = 1006
const BROKEN = { type: "end", code: ABNORMAL, reason: "the connection was cut" } as const

/** One connection. */
export class SimulatedConnection {
  readonly #options: ConnectionOptions
  readonly #lanes: Record<Side, Lane>
  readonly #handlers: Partial<Record<Side, EndHandlers>> = {}
  readonly #arrived: Record<Side, Array<Packet>> = { client: [], broker: [] }
  readonly #isClosed: Record<Side, boolean> = { client: false, broker: false }

  constructor(options: ConnectionOptions) {
    this.#options = options
    this.#lanes = { client: this.#lane("client"), broker: this.#lane("broker") }
  }

  get client(): End {
    return this.#options.client
  }

  get broker(): End {
    return this.#options.broker
  }

  /** Says who listens at an end; what came before is told now. */
  listen(side: Side, handlers: EndHandlers): void {
    this.#handlers[side] = handlers
    this.#tellAll(side)
  }

  send(from: Side, text: string): void {
    if (this.#isClosed[from]) return
    const { chance, faults } = this.#options
    const lane = this.#lanes[OTHER[from]]
    if (chance.happens(faults.truncateChance)) return this.#cutShort(from, text)
    lane.push({ type: "text", text })
    if (chance.happens(faults.duplicateChance)) lane.push({ type: "text", text })
    if (chance.happens(faults.cutChance)) this.cut()
  }

  /** What comes after a part of a frame can never be a frame: the connection ends with it. */
  #cutShort(from: Side, text: string): void {
    this.#lanes[OTHER[from]].push({
      type: "text",
      text: text.slice(0, this.#options.chance.below(text.length))
    })
    for (const lane of Object.values(this.#lanes)) lane.push(BROKEN)
  }

  ping(from: Side): void {
    if (!this.#isClosed[from]) this.#lanes[OTHER[from]].push({ type: "ping" })
  }

  /** Ends it in order: what was sent before still arrives. */
  close(from: Side, code: number, reason: string): void {
    if (this.#isClosed[from]) return
    this.#isClosed[from] = true
    this.#lanes[OTHER[from]].push({ type: "end", code, reason })
    this.#settle()
  }

  bufferedBytes(from: Side): number {
    return this.#lanes[OTHER[from]].bufferedBytes
  }

  pause(side: Side, isPaused: boolean): void {
    this.#lanes[side].pause(isPaused)
  }

  /** Breaks it: what is under way is lost from some point on, and it may be that only one end notices. */
  cut(): void {
    const { chance, faults } = this.#options
    const isHalfOpen = chance.happens(faults.halfOpenChance)
    const deaf: Side = chance.happens(0.5) ? "client" : "broker"
    this.cutFrom(isHalfOpen ? deaf : undefined)
  }

  /** Breaks it so that one end does not notice. */
  cutFrom(deaf: Side | undefined): void {
    const { chance } = this.#options
    for (const side of ["client", "broker"] as const) {
      const lane = this.#lanes[side]
      lane.loseAfter(chance.below(lane.underWay + 1))
      if (side === deaf) lane.silence()
      else lane.push(BROKEN)
    }
  }

  /** Keeps what is under way, both ways, for a while. */
  stall(isStalled: boolean): void {
    this.#lanes.client.stall(isStalled)
    this.#lanes.broker.stall(isStalled)
  }

  /** A process has died: its kernel says so to the far end, unless the whole machine is gone. */
  died(side: Side, isSilent: boolean): void {
    if (isSilent) this.#lanes[OTHER[side]].silence()
    else this.close(side, ABNORMAL, "the process ended")
    this.#isClosed[side] = true
    this.#settle()
  }

  /** Delivers what was in the way of something that is now gone. */
  pump(): void {
    this.#lanes.client.pump()
    this.#lanes.broker.pump()
  }

  #lane(to: Side): Lane {
    const { chance, faults, isBlocked, timeline } = this.#options
    const [source, target] = [this.#options[OTHER[to]].machine, this.#options[to].machine]
    return new Lane({
      timeline,
      delayMillis: () => 0.1 + chance.next() * faults.delayMillisMax,
      bytesPerMilli: () => to === "client" ? faults.readerBytesPerMilli : CALM.readerBytesPerMilli,
      isBlocked: () => isBlocked(source, target),
      deliver: (packet) => this.#arrive(to, packet)
    })
  }

  /** The process takes what has arrived in its order, whenever it gets its turn. */
  #arrive(side: Side, packet: Packet): void {
    const { process } = this.#options[side]
    if (process.state === "dead") return this.#refuse(side)
    if (this.#arrived[side].push(packet) === 1) process.call(() => this.#tellAll(side))
  }

  #tellAll(side: Side): void {
    const handlers = this.#handlers[side]
    if (handlers === undefined) return
    for (const packet of this.#arrived[side].splice(0)) this.#tell(side, handlers, packet)
  }

  #tell(side: Side, handlers: EndHandlers, packet: Packet): void {
    if (this.#isClosed[side]) return
    if (packet.type === "text") {
      this.#options.onFrame(
        this.#options[OTHER[side]].process.name,
        this.#options[side].process.name,
        packet.text
      )
      handlers.text(packet.text)
    } else if (packet.type === "ping") {
      if (side === "client") this.ping("client") // a transport answers by itself
      else handlers.heard()
    } else {
      this.#isClosed[side] = true
      this.#isClosed[OTHER[side]] = true
      handlers.closed(packet.code, packet.reason)
      this.#settle()
    }
  }

  /** Nobody is there any more: the far end is told at once that its packet was not wanted. */
  #refuse(side: Side): void {
    const far = OTHER[side]
    if (this.#isClosed[far]) return
    this.#lanes[far].push({ type: "end", code: ABNORMAL, reason: "nobody is there" })
  }

  #settle(): void {
    if (this.#isClosed.client && this.#isClosed.broker) this.#options.onClosed(this)
  }
}
