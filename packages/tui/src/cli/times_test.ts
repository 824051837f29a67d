import { assert, describe, it } from "@effect/vitest"
import { Effect, Option, Schema } from "effect"
import { ago, duration, parseDuration, Time, until } from "./times.ts"

const AT = 1_795_500_000_000

describe("Time", () => {
  it.effect("is RFC 3339 in UTC outside, and milliseconds here", () =>
    Effect.gen(function*() {
      const text = yield* Schema.encodeEffect(Time)(AT)

      assert.strictEqual(text, "2026-11-24T06:00:00.000Z")
      assert.strictEqual(yield* Schema.decodeEffect(Time)(text), AT)
    }))
})

describe("ago", () => {
  it.each([[0, "now"], [-5_000, "now"], [12_000, "12s ago"], [125_000, "2m ago"]])(
    "says of %i ms: %s",
    (passed, text) => {
      assert.strictEqual(ago(AT, AT - passed), text)
    }
  )
})

describe("until", () => {
  it("says how long is left, and when none is", () => {
    assert.strictEqual(until(AT, AT + 23.9 * 3_600_000), "in 23h")
    assert.strictEqual(until(AT, AT), "over")
  })
})

describe("duration", () => {
  it("uses the largest unit", () => {
    assert.deepStrictEqual([40, 1_000, 90_000, 86_400_000].map(duration), [
      "40ms",
      "1s",
      "1m",
      "1d"
    ])
  })
})

describe("parseDuration", () => {
  it("reads a number with its unit", () => {
    assert.deepStrictEqual(parseDuration("24h"), Option.some(86_400_000))
    assert.deepStrictEqual(parseDuration(" 1500ms "), Option.some(1_500))
  })

  it.each(["", "24", "h", "0s", "-1h", "1h30m", "1w", "1e3s", "99999999999d"])(
    "reads no %s",
    (text) => {
      assert.deepStrictEqual(parseDuration(text), Option.none())
    }
  )
})
