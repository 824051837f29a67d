import { assert, describe, it } from "@effect/vitest"
import { settledHeapBytes } from "./settled_heap.ts"

const LARGE = 50_000_000

describe("settledHeapBytes", () => {
  it("counts what is held, and not what was let go", () => {
    const before = settledHeapBytes()
    const held: Array<Uint8Array> = [new Uint8Array(LARGE)]
    assert.isAbove(settledHeapBytes() - before, LARGE * 0.9)

    held.pop()

    assert.isBelow(settledHeapBytes() - before, LARGE * 0.1)
  })
})
