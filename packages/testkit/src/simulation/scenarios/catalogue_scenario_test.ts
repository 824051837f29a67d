import { assert, describe, it } from "@effect/vitest"
import { Effect, Function } from "effect"
import { scenario } from "../scenario.ts"
import { send } from "../steps.ts"
import { programs } from "../testing/programs.ts"
import { judgeScenario } from "./catalogue_scenario.ts"
import { inboxedOnce } from "./expectations.ts"

const made = {
  covers: ["G6"],
  title: "a message",
  plan: scenario({ steps: [send(1_000)] })
} as const

describe("judgeScenario", () => {
  it("finds nothing where all is seen that must be", () => {
    assert.deepStrictEqual(judgeScenario({ ...made, shows: [inboxedOnce(0)] }, programs), [])
  })

  it("says what was not seen", () => {
    assert.deepStrictEqual(judgeScenario({ ...made, shows: [inboxedOnce(1)] }, programs), [
      "message 1 inboxed 0 times, not 1"
    ])
  })

  it("says which promise was broken", () => {
    // A broker that drops what it takes: nothing is lost to see but the message itself.
    const broker = { ...programs.broker, run: () => Effect.succeed(SILENT) }
    const [first] = judgeScenario({ ...made, shows: [] }, { ...programs, broker })
    assert.match(first ?? "", /^G[15] at .* s: message .* (never reached|has no verdict)/)
  })
})

const SILENT = {
  accept: () =>
    Effect.succeed({
      text: Function.constVoid,
      closed: Function.constVoid,
      heard: Function.constVoid
    }),
  put: () => Effect.void
}
