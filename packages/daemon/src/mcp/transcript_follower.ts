/**
 * Keeps to the transcript that the client writes at the time, and looks in it for what has surfaced.
 *
 * It looks only while something is awaited; what was written before that is passed over unread. After
 * `/clear` there is another file; what is awaited may still be written to the one before it, which is
 * looked at, too, as long as anything is awaited.
 *
 * @module
 */
/* oxlint-disable effecttsgo/async-function -- the push pipe runs without Effect */
import type { Evidence } from "@claudemesh/protocol/local_api"
import { filled } from "./hook_call.ts"
import { type ReadBytes, Transcript } from "./transcript.ts"
import { Witness } from "./witness.ts"

/** What a follower has to do with the world. */
export interface FollowerWorld {
  readonly now: () => number
  /** Runs it after so many milliseconds; answers with what prevents it. */
  readonly after: (millis: number, run: () => void) => () => void
  /** Reads part of a file, and its size; empty and zero where it is not there. */
  readonly readBytes: (path: string) => ReadBytes
  readonly sizeOf: (path: string) => Promise<number>
}

/** How soon it looks again: at first, and once nothing was seen for long. */
const LOOK_MILLIS_MIN = 300
const LOOK_MILLIS_MAX = 4_800

interface Followed {
  readonly path: string
  readonly reader: Transcript
}

/** Follows the transcripts of one session. */
export class TranscriptFollower {
  readonly #world: FollowerWorld
  readonly #report: (evidence: ReadonlyArray<Evidence>) => void
  readonly #witness = new Witness()
  #current: Followed | undefined
  #before: Followed | undefined
  #isLooking = false
  #pause = LOOK_MILLIS_MIN

  constructor(world: FollowerWorld, report: (evidence: ReadonlyArray<Evidence>) => void) {
    this.#world = world
    this.#report = report
  }

  /** The client writes to that file; answers once it is known where in it the past ends. */
  async keepTo(field: string | undefined): Promise<void> {
    const path = filled(field)
    const isIdle = !this.#isLooking && !this.#witness.isWaiting
    if (path === undefined || (path === this.#current?.path && !isIdle)) return
    const size = await this.#world.sizeOf(path)
    if (path !== this.#current?.path) {
      this.#before = this.#current
      this.#current = { path, reader: new Transcript(size) }
    } else if (!this.#isLooking && !this.#witness.isWaiting) this.#current.reader.goTo(size)
  }

  /** Something was reported: what has surfaced is looked for. */
  expect(evidence: ReadonlyArray<Evidence>): void {
    this.#witness.expect(evidence, this.#world.now())
    this.#pause = LOOK_MILLIS_MIN
    this.#lookLater()
  }

  #lookLater(): void {
    if (this.#isLooking || !this.#witness.isWaiting) return
    this.#isLooking = true
    this.#world.after(this.#pause, () => void this.#look())
    this.#pause = Math.min(this.#pause * 2, LOOK_MILLIS_MAX)
  }

  async #look(): Promise<void> {
    const evidence = [...await this.#seenIn(this.#before), ...await this.#seenIn(this.#current)]
    this.#isLooking = false
    this.#witness.giveUp(this.#world.now())
    if (!this.#witness.isWaiting) this.#before = undefined
    if (evidence.length > 0) this.#report(evidence)
    this.#lookLater()
  }

  /** What a file bears out; one that cannot be read bears out nothing now. */
  async #seenIn(followed: Followed | undefined): Promise<ReadonlyArray<Evidence>> {
    if (followed === undefined) return []
    const { path, reader } = followed
    try {
      const size = await this.#world.sizeOf(path)
      return this.#witness.look(
        path,
        await reader.read({ size, readBytes: this.#world.readBytes(path) })
      )
    } catch {
      return []
    }
  }
}
