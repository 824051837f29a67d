import { assert, describe, it } from "@effect/vitest"
import { idOf } from "./samples.ts"

describe("idOf", () => {
  it("is an id as long as a real one", () => {
    assert.strictEqual(idOf("d", "a"), "d_aaaaaaaaaaaaaaaaaaaaaaaaaa")
  })
})
