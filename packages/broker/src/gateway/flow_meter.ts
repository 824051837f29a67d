/**
 * Says how long to wait before reading on: two token buckets, of frames and of bytes.
 *
 * A sender over its rate is read later and never refused, so that the order of
 * what it sends is never broken by a refusal in the middle. What turns out to
 * be a repetition is given back.
 *
 * @module
 */

/** What may pass per second, and at once after a rest. */
export interface FlowMeterOptions {
  readonly framesPerSecond: number
  readonly framesBurst: number
  readonly bytesPerSecond: number
  readonly bytesBurst: number
}

/** Meters one connection. */
export class FlowMeter {
  readonly #options: FlowMeterOptions
  #frames: number
  #bytes: number
  #at: number

  constructor(options: FlowMeterOptions, now: number) {
    this.#options = options
    this.#frames = options.framesBurst
    this.#bytes = options.bytesBurst
    this.#at = now
  }

  /** Takes a frame, and answers with the milliseconds after which it may be handled. */
  spend(bytes: number, now: number): number {
    const { bytesBurst, bytesPerSecond, framesBurst, framesPerSecond } = this.#options
    const seconds = Math.max(0, now - this.#at) / 1_000
    this.#at = now
    this.#frames = Math.min(framesBurst, this.#frames + seconds * framesPerSecond) - 1
    this.#bytes = Math.min(bytesBurst, this.#bytes + seconds * bytesPerSecond) - bytes
    const wait = Math.max(-this.#frames / framesPerSecond, -this.#bytes / bytesPerSecond)
    return wait <= 0 ? 0 : Math.ceil(wait * 1_000)
  }

  /** Gives back what a frame has taken. */
  refund(bytes: number): void {
    this.#frames = Math.min(this.#options.framesBurst, this.#frames + 1)
    this.#bytes = Math.min(this.#options.bytesBurst, this.#bytes + bytes)
  }
}
