import { keepLog } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { makeOutageReport } from "./outage_report.ts"

describe("makeOutageReport", () => {
  it.effect("answers whether it worked, and says only what is new", () => {
    const log = keepLog()
    return Effect.gen(function*() {
      const report = makeOutageReport("Cannot fly")
      const answers: Array<boolean> = []
      for (const attempt of [Effect.void, Effect.fail("wind"), Effect.die("rain"), Effect.void]) {
        answers.push(yield* report(attempt))
      }
      assert.deepStrictEqual(answers, [true, false, false, true])
      assert.lengthOf(log.lines, 2)
    }).pipe(Effect.provide(log.layer))
  })
})
