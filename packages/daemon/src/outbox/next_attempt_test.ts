import { assert, describe, it } from "@effect/vitest"
import { ATTEMPTS_MAX, goBackMillis, nextAttemptMillis, retryMillis } from "./next_attempt.ts"

const delays = Array.from(
  { length: ATTEMPTS_MAX + 1 },
  (_, attempt) => nextAttemptMillis("reseal", attempt)
)

describe("nextAttemptMillis", () => {
  it("lets the first follow at once, and each other wait twice as long, up to a bound", () => {
    assert.deepStrictEqual(delays.slice(0, 4), [0, 1_000, 2_000, 4_000])
    assert.strictEqual(delays[ATTEMPTS_MAX - 1], 600_000)
  })

  it("lets the verdict stand after so many", () => {
    assert.isUndefined(delays[ATTEMPTS_MAX])
  })

  it.each(["undecryptable", "replayed", "revoked_sender", "a_later_code"])(
    "lets %s stand at once",
    (reason) => assert.isUndefined(nextAttemptMillis(reason, 0))
  )

  it("takes nothing for a verdict where there is none", () => {
    assert.isUndefined(nextAttemptMillis(undefined, 0))
  })
})

describe("retryMillis", () => {
  it("waits twice as long each time, from half a second to half a minute, without an end", () => {
    const waits = [0, 1, 2, 5, 6, 1_000].map((tries) => retryMillis({ tries, chance: 1 }))

    assert.deepStrictEqual(waits, [500, 1_000, 2_000, 16_000, 30_000, 30_000])
  })

  it("draws the second half of a wait", () => {
    const waits = [0, 0.5, 1].map((chance) => retryMillis({ tries: 1, chance }))

    assert.deepStrictEqual(waits, [500, 750, 1_000])
  })

  it("waits for as long as it was asked to, up to a minute", () => {
    const waits = [100, 5_000, 1e9].map((askedMillis) =>
      retryMillis({ tries: 0, chance: 1, askedMillis })
    )

    assert.deepStrictEqual(waits, [500, 5_000, 60_000])
  })
})

describe("goBackMillis", () => {
  it("goes back at once, and then later each time", () => {
    assert.deepStrictEqual([0, 1, 2, 3, 100].map(goBackMillis), [0, 500, 1_000, 2_000, 30_000])
  })
})
