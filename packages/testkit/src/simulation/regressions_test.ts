import { assert, describe, it } from "@effect/vitest"
import { readdirSync, readFileSync } from "node:fs"
import type { Plan } from "./plan.ts"
import { run } from "./run.ts"
import { programs } from "./testing/programs.ts"

const FOLDER = new URL("../../testdata/plans/", import.meta.url)

interface Regression {
  /** What went wrong, as a sentence without a full stop. */
  readonly why: string
  readonly plan: Plan
}

function read(name: string): Regression {
  return JSON.parse(readFileSync(new URL(name, FOLDER), "utf8"))
}

describe("plans that failed once", () => {
  for (const name of readdirSync(FOLDER)) {
    const { plan, why } = read(name)
    it(`${name}: ${why}`, () => {
      assert.isNotEmpty(why)
      assert.deepStrictEqual(run(plan, programs).violations, [])
    })
  }
})
