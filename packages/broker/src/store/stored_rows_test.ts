import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit } from "effect"
import { toEntry, toPrekeys, toStatements } from "./stored_rows.ts"
import { sampleMesh, sampleStatement } from "./testing/sample.ts"

describe("toEntry", () => {
  it("takes whole numbers as either database gives them", () => {
    const entry = { seq: 7, text: "sealed", expiresAt: 9 }
    assert.deepStrictEqual(toEntry({ seq: 7, envelope: "sealed", expires_at: 9 }), entry)
    assert.deepStrictEqual(toEntry({ seq: 7n, envelope: "sealed", expires_at: 9n }), entry)
  })
})

describe("toStatements", () => {
  it.effect("gives back what was written, in order", () =>
    Effect.gen(function*() {
      const statements = [1, 2].map((seq) => sampleStatement(sampleMesh("m"), seq))
      const rows = statements.map((one) => ({ statement: JSON.stringify(one) }))
      assert.deepStrictEqual(yield* toStatements(rows), statements)
    }))

  it.effect("dies of what nobody wrote", () =>
    Effect.gen(function*() {
      assert.isTrue(Exit.hasDies(yield* Effect.exit(toStatements([{ statement: "{}" }]))))
      assert.isTrue(Exit.hasDies(yield* Effect.exit(toPrekeys([{ prekey: null }]))))
    }))
})
