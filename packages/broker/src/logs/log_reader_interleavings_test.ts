import { limits } from "@claudemesh/protocol"
import { seededDraw } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import type { Entry } from "../store/log_store.ts"
import { LogReader, type WantedPage } from "./log_reader.ts"

/*
 * Goal: between memory and store, a reader skips nothing, pushes nothing twice and turns no order, however
 * slow it or the store is. Method: a log as a list, on which steps are drawn at random: entries are
 * committed, offered later or never, expire and are swept; pages are asked for, read, and arrive late; acks
 * come, the transport fills up. After each push the list says whether it was the right one.
 */

const STEPS = 400

/** A page on its way: what was asked for, and what was there when the store looked. */
interface Page {
  readonly wanted: WantedPage
  read?: ReadonlyArray<Entry>
}

class World {
  readonly draw: (bound: number) => number
  readonly log: Array<Entry> = []
  readonly swept = new Set<number>()
  readonly unoffered: Array<Entry> = []
  readonly pages: Array<Page> = []
  readonly inFlight: Array<Entry> = []
  readonly reader: LogReader
  isReady = true
  now = 0
  pushed: number

  constructor(seed: string) {
    this.draw = seededDraw(seed)
    const before = this.draw(100)
    for (let count = 0; count < before; count++) this.commit()
    const after = this.draw(before + 1)
    this.pushed = after
    const options = {
      after,
      end: before,
      push: (entry: Entry) => this.check(entry),
      isReady: () => this.isReady,
      now: () => this.now,
      windowEntriesMax: limits.windowEntriesMax
    }
    // Admitted after the attach was counted and before the reader was there to be offered it.
    for (let count = this.draw(5); count > 0; count--) this.commit()
    this.reader = new LogReader(options)
    this.pages.push({ wanted: this.reader.next })
  }

  commit(): Entry {
    const bytes = this.draw(10) === 0 ? 60_000 : 2_000
    const expiresAt = this.draw(4) === 0 ? this.now + this.draw(20) : Infinity
    const entry = { seq: this.log.length + 1, text: "x".repeat(bytes), expiresAt }
    this.log.push(entry)
    return entry
  }

  check(entry: Entry): void {
    assert.strictEqual(this.log[entry.seq - 1]?.seq, entry.seq)
    assert.isAbove(entry.seq, this.pushed)
    for (const passed of this.log.slice(this.pushed, entry.seq - 1)) this.assertOver(passed)
    assert.isAbove(entry.expiresAt, this.now)
    this.pushed = entry.seq
    this.inFlight.push(entry)
    const before = this.inFlight.slice(0, -1)
    assert.isBelow(before.length, limits.windowEntriesMax)
    assert.isBelow(before.reduce((sum, { text }) => sum + text.length, 0), limits.windowBytesMax)
  }

  assertOver({ expiresAt, seq }: Entry): void {
    assert.isTrue(this.swept.has(seq) || expiresAt <= this.now, `number ${seq} was skipped`)
  }

  readonly steps: ReadonlyArray<() => void> = [
    () => void this.unoffered.push(this.commit()),
    () => void this.unoffered.push(this.commit()),
    () => this.offer(),
    () => this.offer(),
    () => void (this.draw(8) === 0 && this.commit() && this.reader.doubtEnd()), // by another broker
    () => this.ask(),
    () => this.look(),
    () => this.land(),
    () => this.acknowledge(),
    () => void (this.isReady = this.draw(3) > 0),
    () => this.reader.drain(),
    () => void (this.now += this.draw(5)),
    () => this.sweep()
  ]

  offer(): void {
    const entry = this.unoffered.shift()
    if (entry !== undefined) this.reader.offer(entry)
  }

  ask(): void {
    if (!this.reader.isBehind || this.pages.length > 1) return
    this.pages.push({ wanted: this.reader.next })
  }

  look(): void {
    const page = this.pages.find(({ read }) => read === undefined)
    if (page === undefined) return
    const { after, limit } = page.wanted
    page.read = this.log.filter(({ seq }) => seq > after && !this.swept.has(seq)).slice(0, limit)
  }

  land(): void {
    const at = this.pages.findIndex(({ read }) => read !== undefined)
    const [page] = at === -1 ? [] : this.pages.splice(at, 1)
    if (page?.read !== undefined) this.reader.take(page.wanted, page.read)
  }

  acknowledge(): void {
    const upto = this.draw(this.pushed + 1)
    while (this.inFlight[0] !== undefined && this.inFlight[0].seq <= upto) this.inFlight.shift()
    this.reader.acknowledge(upto)
  }

  sweep(): void {
    for (const { expiresAt, seq } of this.log) if (expiresAt <= this.now) this.swept.add(seq)
  }

  /** Everybody does what they have to do. */
  settle(): void {
    this.isReady = true
    for (let round = 0; round < this.log.length + 10; round++) {
      this.offer()
      this.ask()
      this.look()
      this.land()
      this.inFlight.length = 0
      this.reader.acknowledge(this.pushed)
    }
  }
}

describe("LogReader", () => {
  it.each(Array.from({ length: 200 }, (_, seed) => seed))(
    "pushes every entry once and in order, in run %d",
    (seed) => {
      const world = new World(`interleavings ${seed}`)
      for (let step = 0; step < STEPS; step++) world.steps[world.draw(world.steps.length)]?.()
      world.settle()
      for (const left of world.log.slice(world.pushed)) world.assertOver(left)
      assert.isFalse(world.reader.isBehind)
    }
  )
})
