import { assert, describe, it } from "@effect/vitest"
import { ATTEMPTS_MAX, DELAY_MILLIS_MAX, nextAttemptMillis } from "./next_attempt.ts"

const delays = Array.from(
  { length: ATTEMPTS_MAX + 1 },
  (_, attempt) => nextAttemptMillis("reseal", attempt)
)

describe("nextAttemptMillis", () => {
  it("lets the first follow at once, and each other wait twice as long, up to a bound", () => {
    assert.deepStrictEqual(delays.slice(0, 4), [0, 1_000, 2_000, 4_000])
    assert.strictEqual(delays[ATTEMPTS_MAX - 1], DELAY_MILLIS_MAX)
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
