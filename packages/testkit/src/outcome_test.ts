import { refused } from "@claudemesh/protocol"
import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import { outcomeOf } from "./outcome.ts"

describe("outcomeOf", () => {
  it("is ok, the code of a refusal, or the verdict itself", () => {
    assert.strictEqual(outcomeOf(Result.succeed(1)), "ok")
    assert.strictEqual(outcomeOf(Result.fail(refused("quota", "Cannot take more"))), "quota")
    assert.strictEqual(outcomeOf(Result.fail("reseal")), "reseal")
  })
})
