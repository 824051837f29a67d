import { assert, describe, it } from "@effect/vitest"
import { programs } from "../testing/programs.ts"
import { catalogue, type CatalogueEntry, judgeScenario, scenarios } from "./mod.ts"

describe("the fault catalogue", () => {
  for (const scenario of scenarios) {
    it(`${scenario.covers.join(", ")}: ${scenario.title}`, () => {
      assert.deepStrictEqual(judgeScenario(scenario, programs), [])
    })
  }

  it("has a scenario for every entry, or says where it is covered instead", () => {
    const covered = new Set<string>(scenarios.flatMap(({ covers }) => covers))
    const entries: ReadonlyArray<readonly [string, CatalogueEntry]> = Object.entries(catalogue)
    const open = entries.filter(([id, { elsewhere }]) =>
      !covered.has(id) && elsewhere === undefined
    )
    assert.deepStrictEqual(open, [])
  })

  it("says nothing twice", () => {
    const titles = scenarios.map(({ title }) => title)
    assert.lengthOf(new Set(titles), titles.length)
  })
})
