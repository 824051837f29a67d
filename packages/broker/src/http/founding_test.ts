import { assert, describe, it } from "@effect/vitest"
import { Redacted } from "effect"
import { mayFound } from "./founding.ts"

describe("mayFound", () => {
  it("asks for nothing where there is no code", () => {
    assert.isTrue(mayFound({ code: undefined }, undefined))
  })

  it("asks for the code where there is one", () => {
    const founding = { code: Redacted.make("secret") }
    assert.isTrue(mayFound(founding, " secret\n"))
    assert.isFalse(mayFound(founding, "guess"))
    assert.isFalse(mayFound(founding, ""))
    assert.isFalse(mayFound(founding, undefined))
  })
})
