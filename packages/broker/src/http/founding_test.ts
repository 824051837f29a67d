import { makeMesh } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { mayFound } from "./founding.ts"

const { statements } = makeMesh("founding", ["ada"])
const [known] = makeMesh("founded before", ["ada"]).statements
const founded = {
  has: (mesh: string) => Effect.succeed(mesh === known?.mesh),
  add: () => Effect.void
}
const guarded = { code: Redacted.make("secret"), founded }

describe("mayFound", () => {
  it.effect("asks for nothing where there is no code", () =>
    Effect.gen(function*() {
      assert.isTrue(yield* mayFound({ code: undefined, founded }, { statements }))
    }))

  it.effect("asks for the code where there is one", () =>
    Effect.gen(function*() {
      assert.isTrue(yield* mayFound(guarded, { statements, code: " secret\n" }))
      assert.isFalse(yield* mayFound(guarded, { statements, code: "guess" }))
      assert.isFalse(yield* mayFound(guarded, { statements, code: "" }))
      assert.isFalse(yield* mayFound(guarded, { statements }))
    }))

  it.effect("asks for no code for a mesh that was founded here before", () =>
    Effect.gen(function*() {
      assert.isTrue(yield* mayFound(guarded, { statements: known === undefined ? [] : [known] }))
    }))
})
