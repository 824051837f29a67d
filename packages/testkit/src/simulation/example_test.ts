import { assert, it } from "@effect/vitest"
import { broker, once, run, scenario, send } from "./mod.ts"
import { programs } from "./testing/programs.ts"

it("delivers once what a broker had admitted when it was killed", () => {
  const plan = scenario({
    steps: [
      // Between the commit that admits the message and the answer, the broker dies for half a second.
      once("admitted", { act: "kill", host: broker(0), downMillis: 500 }),
      send(1_000, { from: 0, to: 1 })
    ]
  })

  const { history, violations } = run(plan, programs)

  assert.deepStrictEqual(violations, [])
  assert.lengthOf(history.filter(({ type }) => type === "killed"), 1)
  assert.lengthOf(history.filter(({ type }) => type === "inboxed"), 1)
})
