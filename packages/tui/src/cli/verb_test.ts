import { assert, describe, it } from "@effect/vitest"
import { Context } from "effect"
import { Command } from "effect/cli"
import { ReportFields } from "./argv.ts"
import { declared } from "./verb.ts"

describe("declared", () => {
  it("keeps the fields of the report where argv finds them", () => {
    const verb = Command.make("x").pipe(
      declared({ description: "d", examples: [{ command: "x" }], report: { fields: ["name"] } })
    )

    assert.deepStrictEqual(Context.get(verb.annotations, ReportFields), ["name"])
    assert.strictEqual(verb.description, "d")
  })
})
