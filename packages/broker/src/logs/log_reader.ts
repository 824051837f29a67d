/**
 * Reads one mailbox for one attached device: what to push next, and when to stop.
 *
 * At most a window of entries and bytes is pushed and not yet acknowledged; the
 * log itself is the buffer, so nothing is dropped when a reader is slow. An
 * entry that was just admitted is pushed from memory if the reader has seen all
 * before it. Otherwise, or if it may have missed something, the reader is
 * *behind* and reads the store. What has expired is skipped: the numbers pushed
 * rise, but may leave some out.
 *
 * @module
 */
import { limits } from "@claudemesh/protocol"
import type { Entry } from "../store/log_store.ts"

/** Where a reader starts, and what it pushes with. */
export interface LogReaderOptions {
  /** The last number the device has. */
  readonly after: number
  /** The last number in the log. */
  readonly end: number
  readonly push: (entry: Entry) => void
  /** Whether the transport takes more. */
  readonly isReady: () => boolean
  readonly now: () => number
  /** Entries that may be pushed and not acknowledged. */
  readonly windowEntriesMax: number
}

/** A page to read in the store. */
export interface WantedPage {
  readonly after: number
  readonly limit: number
  /** The last number when it was wanted. */
  readonly end: number
  /** How often there was a doubt before. */
  readonly doubts: number
}

/** Bytes of just-admitted entries kept for a full window to reopen; past it they are read from the store. */
const TAIL_BYTES_MAX = limits.windowBytesMax

/** The state of one reader. Its methods never wait. */
export class LogReader {
  readonly #options: LogReaderOptions
  /** The last number that was pushed or skipped. */
  #pushed: number
  #end: number
  /** Whether a page has shown where the log ends: what was admitted before it could be offered is found there. */
  #knowsEnd = false
  #doubts = 0
  #acked: number
  readonly #window: Array<{ readonly seq: number; readonly bytes: number }> = []
  #windowBytes = 0
  #tail: Array<Entry> = []
  #tailBytes = 0

  constructor(options: LogReaderOptions) {
    this.#options = options
    this.#pushed = options.after
    this.#acked = options.after
    this.#end = Math.max(options.after, options.end)
  }

  /** The highest number a device may acknowledge; what follows is yet to be read. */
  get pushed(): number {
    return this.#pushed
  }

  /** What is to be read next. */
  get next(): WantedPage {
    // What does not fit would be read once more. At least one: a page of none would look like the end.
    const limit = Math.max(1, this.#options.windowEntriesMax - this.#window.length)
    return { after: this.#pushed, limit, end: this.#end, doubts: this.#doubts }
  }

  /** Whether there is something to read in the store, and room for it. */
  get isBehind(): boolean {
    if (this.#pushed === this.#end && this.#knowsEnd) return false
    return this.#tail[0]?.seq !== this.#pushed + 1 && this.isOpen
  }

  /** Whether one more entry may be pushed. */
  get isOpen(): boolean {
    return this.#window.length < this.#options.windowEntriesMax &&
      this.#windowBytes < limits.windowBytesMax &&
      this.#options.isReady()
  }

  /** Takes an entry that was just admitted; entries come in order. */
  offer(entry: Entry): void {
    const follows = entry.seq === this.#end + 1
    const isTail = follows && (this.#tail.length > 0 || this.#pushed === this.#end)
    this.#end = Math.max(this.#end, entry.seq)
    if (!isTail || this.#tailBytes + entry.text.length > TAIL_BYTES_MAX) return this.#forgetTail()
    this.#tail.push(entry)
    this.#tailBytes += entry.text.length
    this.drain()
  }

  /** Takes the page that was wanted; one that is not full is the last. */
  take({ doubts, end, limit }: WantedPage, page: ReadonlyArray<Entry>): void {
    for (const entry of page) {
      this.#end = Math.max(this.#end, entry.seq)
      if (entry.seq <= this.#pushed) continue
      if (!this.isOpen) return
      this.#push(entry)
    }
    if (page.length < limit) {
      this.#pushed = Math.max(this.#pushed, end)
      // What has given rise to a doubt since may have come after the page was read.
      this.#knowsEnd = doubts === this.#doubts
    }
    this.drain()
  }

  /** Something may be in the log that was not offered. */
  doubtEnd(): void {
    this.#knowsEnd = false
    this.#doubts += 1
  }

  /** Notes that the device has everything up to a number; answers whether that is news. */
  acknowledge(upto: number): boolean {
    if (upto <= this.#acked) return false
    this.#acked = upto
    let acked = 0
    for (const { bytes, seq } of this.#window) {
      if (seq > upto) break
      this.#windowBytes -= bytes
      acked++
    }
    this.#window.splice(0, acked)
    this.drain()
    return true
  }

  /** Pushes from memory as far as the window allows. */
  drain(): void {
    let taken = 0
    for (const entry of this.#tail) {
      if (entry.seq > this.#pushed) {
        if (entry.seq !== this.#pushed + 1 || !this.isOpen) break
        this.#push(entry)
      }
      this.#tailBytes -= entry.text.length
      taken++
    }
    this.#tail.splice(0, taken)
  }

  #push(entry: Entry): void {
    this.#pushed = entry.seq
    if (entry.expiresAt <= this.#options.now()) return
    this.#window.push({ seq: entry.seq, bytes: entry.text.length })
    this.#windowBytes += entry.text.length
    this.#options.push(entry)
  }

  #forgetTail(): void {
    this.#tail = []
    this.#tailBytes = 0
  }
}
