import { assert, describe, it } from "@effect/vitest"
import { campaign } from "./campaign.ts"
import { schemaDecoders } from "./schema_decoders.ts"

describe("schemas", () => {
  it.each(schemaDecoders.map((decoder) => [decoder.name, decoder] as const))(
    "%s keeps its promises, whatever it reads",
    (_, decoder) => {
      const { broken, outcomes } = campaign(decoder, { from: 0, cases: 5_000 })

      assert.isUndefined(broken)
      assert.isAbove(outcomes.size, 1, "refuses some")
      assert.isTrue([...outcomes.keys()].some((outcome) => /\bok\b/.test(outcome)), "reads some")
    }
  )
})
