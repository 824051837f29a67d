import { limits } from "@claudemesh/protocol"
import { assert, describe, it } from "@effect/vitest"
import type { Entry } from "../store/log_store.ts"
import { LogReader } from "./log_reader.ts"

function entry(seq: number, bytes = 10, expiresAt = 100): Entry {
  return {
    seq,
    text: "x".repeat(bytes),
    expiresAt
  }
}

function reading({ after = 0, end = 0 } = {}) {
  const pushed: Array<number> = []
  const state = { isReady: true, now: 0 }
  const reader = new LogReader({
    after,
    end,
    push: ({ seq }) => pushed.push(seq),
    isReady: () => state.isReady,
    now: () => state.now,
    windowEntriesMax: limits.windowEntriesMax
  })
  if (end <= after) reader.take(reader.next, [])
  return { reader, pushed, state }
}

function upTo(last: number) {
  return Array.from({ length: last }, (_, at) => at + 1)
}

describe("LogReader", () => {
  it("pushes what is admitted at once, from memory", () => {
    const { pushed, reader } = reading()
    for (const seq of [1, 2, 3]) reader.offer(entry(seq))
    assert.deepStrictEqual(pushed, [1, 2, 3])
    assert.isFalse(reader.isBehind)
  })

  it("wants from the store what its window has room for, and one entry at least", () => {
    const { reader } = reading({ end: 200 })
    assert.strictEqual(reader.next.limit, limits.windowEntriesMax)
    reader.take({ ...reader.next, limit: 10 }, upTo(10).map((seq) => entry(seq)))
    assert.strictEqual(reader.next.limit, limits.windowEntriesMax - 10)
    reader.take(reader.next, upTo(limits.windowEntriesMax).map((seq) => entry(seq)))
    assert.strictEqual(reader.next.limit, 1)
  })

  it("stops at a full window of entries, and goes on with the acks, without the store", () => {
    const { pushed, reader } = reading()
    const many = upTo(limits.windowEntriesMax + 2)
    for (const seq of many) reader.offer(entry(seq))
    assert.deepStrictEqual(pushed, upTo(limits.windowEntriesMax))
    reader.acknowledge(1)
    assert.deepStrictEqual(pushed, upTo(limits.windowEntriesMax + 1))
    reader.acknowledge(2)
    assert.deepStrictEqual(pushed, many)
  })

  it("stops at a full window of bytes", () => {
    const { pushed, reader } = reading()
    for (const seq of upTo(6)) reader.offer(entry(seq, 60_000))
    assert.deepStrictEqual(pushed, [1, 2, 3, 4, 5])
    reader.acknowledge(5)
    assert.deepStrictEqual(pushed, upTo(6))
  })

  it("turns to the store when more was admitted than it keeps in memory", () => {
    const { pushed, reader, state } = reading()
    state.isReady = false
    for (const seq of upTo(6)) reader.offer(entry(seq, 60_000))
    assert.deepStrictEqual(pushed, [])
    state.isReady = true
    assert.isTrue(reader.isBehind)
    reader.take(reader.next, upTo(6).map((seq) => entry(seq)))
    assert.deepStrictEqual(pushed, upTo(6))
    assert.isFalse(reader.isBehind)
  })

  it("reads the store first where it was behind, and loses nothing that is admitted meanwhile", () => {
    const { pushed, reader } = reading({ after: 1, end: 3 })
    assert.isTrue(reader.isBehind)
    const { next } = reader
    reader.offer(entry(4))
    assert.deepStrictEqual(pushed, [])
    reader.take(next, [entry(2), entry(3)])
    assert.isTrue(reader.isBehind)
    reader.take(reader.next, [entry(4)])
    assert.deepStrictEqual(pushed, [2, 3, 4])
  })

  it("takes a page that holds more than it was told of", () => {
    const { pushed, reader } = reading()
    reader.take(reader.next, [entry(1), entry(2)])
    reader.offer(entry(3))
    assert.deepStrictEqual(pushed, [1, 2, 3])
  })

  it("passes over gaps and over what has expired, which take no room in the window", () => {
    const { pushed, reader, state } = reading({ end: 9 })
    state.now = 50
    reader.take(reader.next, [entry(2), entry(4, 10, 50), entry(7)])
    assert.deepStrictEqual(pushed, [2, 7])
    assert.strictEqual(reader.pushed, 9)
    assert.isFalse(reader.isBehind)
    reader.offer(entry(10))
    assert.deepStrictEqual(pushed, [2, 7, 10])
  })

  it("looks for what was admitted before it was there to be offered it", () => {
    const many = upTo(limits.windowEntriesMax)
    const { pushed, reader } = reading({ end: many.length })
    reader.take(reader.next, many.map((seq) => entry(seq)))
    reader.acknowledge(many.length)
    assert.isTrue(reader.isBehind)
    reader.take(reader.next, [entry(many.length + 1)])
    assert.deepStrictEqual(pushed, upTo(many.length + 1))
    assert.isFalse(reader.isBehind)
  })

  it("looks again after a doubt, also when a page was on its way that is older than the doubt", () => {
    const { reader } = reading()
    const { next } = reader
    reader.doubtEnd()
    assert.isTrue(reader.isBehind)
    reader.take(next, [])
    assert.isTrue(reader.isBehind)
    reader.take(reader.next, [])
    assert.isFalse(reader.isBehind)
  })

  it("pushes nothing twice", () => {
    const { pushed, reader } = reading()
    reader.offer(entry(1))
    reader.take(reader.next, [entry(1)])
    assert.deepStrictEqual(pushed, [1])
  })

  it("takes an ack that is lower than one before for none", () => {
    const { pushed, reader } = reading()
    for (const seq of upTo(limits.windowEntriesMax)) reader.offer(entry(seq))
    reader.acknowledge(limits.windowEntriesMax)
    reader.acknowledge(1)
    for (const seq of upTo(10)) reader.offer(entry(limits.windowEntriesMax + seq))
    assert.lengthOf(pushed, limits.windowEntriesMax + 10)
  })
})
