/**
 * One direction of a simulated connection: packets in order, each after a delay, for as long as nothing is in the way.
 *
 * What cannot arrive waits in it, as in the buffers of a real connection, and is counted.
 *
 * @module
 */
import type { Timeline } from "./timeline.ts"

/** What travels. `end` closes the far end; a `ping` is the transport's own. */
export type Packet =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "end"; readonly code: number; readonly reason: string }
  | { readonly type: "ping" }

/** What a lane needs of its surroundings. */
export interface LaneOptions {
  readonly timeline: Timeline
  /** How long a packet takes; drawn anew for each. */
  readonly delayMillis: () => number
  /** Bytes a millisecond; the receiver is slow where that is small. */
  readonly bytesPerMilli: () => number
  /** Whether the network lets nothing through now. */
  readonly isBlocked: () => boolean
  readonly deliver: (packet: Packet) => void
}

/** What the kernels at both ends take off a program's hands. */
const KERNEL_BYTES = 65_536

interface Due {
  readonly packet: Packet
  readonly at: number
}

/** One direction. */
export class Lane {
  readonly #options: LaneOptions
  #packets: Array<Due> = []
  #lastAt = 0
  #bytes = 0
  #isPaused = false
  #isSilent = false
  #isStalled = false
  #isScheduled = false

  constructor(options: LaneOptions) {
    this.#options = options
  }

  /** Bytes that a program sees waiting. */
  get bufferedBytes(): number {
    return Math.max(0, this.#bytes - KERNEL_BYTES)
  }

  push(packet: Packet): void {
    const { bytesPerMilli, delayMillis, timeline } = this.#options
    const size = sizeOf(packet)
    this.#bytes += size
    this.#lastAt = Math.max(this.#lastAt, timeline.now + delayMillis()) + size / bytesPerMilli()
    this.#packets.push({ packet, at: this.#lastAt })
    this.pump()
  }

  /** Delivers what is due, and comes back for the rest. To be called when something is out of the way. */
  pump(): void {
    const { timeline } = this.#options
    while (this.#isOpen()) {
      const [first] = this.#packets
      if (first === undefined) return
      if (first.at > timeline.now) return this.#comeBack(first.at - timeline.now)
      this.#packets.shift()
      this.#bytes -= sizeOf(first.packet)
      this.#options.deliver(first.packet)
    }
  }

  pause(isPaused: boolean): void {
    this.#isPaused = isPaused
    this.pump()
  }

  /** From now on nothing arrives any more, and nobody is told. */
  silence(): void {
    this.#isSilent = true
  }

  /** Keeps what is under way there for a while. */
  stall(isStalled: boolean): void {
    this.#isStalled = isStalled
    this.pump()
  }

  /** Loses all but the first few of what is under way. */
  loseAfter(kept: number): void {
    this.#packets = this.#packets.slice(0, kept)
    this.#bytes = this.#packets.reduce((sum, { packet }) => sum + sizeOf(packet), 0)
  }

  get underWay(): number {
    return this.#packets.length
  }

  #isOpen(): boolean {
    return !this.#isPaused && !this.#isSilent && !this.#isStalled && !this.#options.isBlocked()
  }

  #comeBack(millis: number): void {
    if (this.#isScheduled) return
    this.#isScheduled = true
    this.#options.timeline.after(millis, () => {
      this.#isScheduled = false
      this.pump()
    })
  }
}

function sizeOf(packet: Packet): number {
  return packet.type === "text" ? packet.text.length : 2
}
