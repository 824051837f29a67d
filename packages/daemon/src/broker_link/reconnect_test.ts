import { assert, describe, it } from "@effect/vitest"
import { goAwayMillis, reconnectMillis, refusedMillis } from "./reconnect.ts"

const failures = Array.from({ length: 100 }, (_, count) => count)

describe("reconnectMillis", () => {
  it("doubles the span with each failure, up to half a minute", () => {
    const spans = failures.slice(0, 10).map((count) => reconnectMillis(count, 1))

    assert.deepStrictEqual(spans, [
      250,
      500,
      1_000,
      2_000,
      4_000,
      8_000,
      16_000,
      30_000,
      30_000,
      30_000
    ])
  })

  it("takes a part of the span that chance alone decides", () => {
    for (const count of failures) {
      assert.strictEqual(reconnectMillis(count, 0), 0)
      assert.strictEqual(reconnectMillis(count, 0.5) * 2, reconnectMillis(count, 1))
    }
  })
})

describe("refusedMillis", () => {
  it("doubles the span with each refusal from a minute up to an hour, and waits half of it at least", () => {
    const spans = [1, 2, 3, 6, 7, 100].map((count) => refusedMillis(count, 1) / 60_000)

    assert.deepStrictEqual(spans, [1, 2, 4, 32, 60, 60])
    assert.strictEqual(refusedMillis(1, 0), 30_000)
  })
})

describe("goAwayMillis", () => {
  it("is what the broker asked for, and a part of the jitter", () => {
    const asked = { after_ms: 500, jitter_ms: 5_000 }

    assert.strictEqual(goAwayMillis(asked, 0), 500)
    assert.strictEqual(goAwayMillis(asked, 0.5), 3_000)
    assert.strictEqual(goAwayMillis(asked, 1), 5_500)
  })

  it("does not let a broker keep anybody away for longer than a minute", () => {
    assert.strictEqual(goAwayMillis({ after_ms: 2 ** 50, jitter_ms: 0 }, 0), 60_000)
  })
})
