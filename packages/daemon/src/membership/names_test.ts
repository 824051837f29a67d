import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { checkName, defaultDeviceName, defaultMemberName, freeName, slug } from "./names.ts"

describe("checkName", () => {
  it.effect("takes a name as it was typed, in lower case", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* checkName("member", " Ada.L-2 "), "ada.l-2")
    }))

  it.effect.each(["", "-ada", "ada lovelace", "ädа", "a".repeat(33), "a/b", "a\u0000"])(
    "refuses %j, quoted",
    (typed) =>
      Effect.gen(function*() {
        const refusal = yield* Effect.flip(checkName("mesh", typed))

        assert.strictEqual(refusal.code, "bad_name")
        assert.match(refusal.message, /^Cannot use ".*" as a mesh name$/)
      })
  )
})

describe("slug", () => {
  it.each([
    ["Ada Lovelace", "ada-lovelace"],
    ["--x", "x"],
    ["Ünal", "nal"],
    ["日本", "me"],
    ["", "me"],
    ["a".repeat(50), "a".repeat(32)]
  ])("makes a name of %j", (text, name) => {
    assert.strictEqual(slug(text, "me"), name)
  })
})

describe("freeName", () => {
  it("is the wanted name, or the first with a number that is free", () => {
    const others = [{ name: "home" }, { name: "home-2" }]

    assert.strictEqual(freeName("work", others), "work")
    assert.strictEqual(freeName("home", others), "home-3")
  })

  it("stays a name, however long the wanted one is", () => {
    const wanted = "a".repeat(32)

    assert.strictEqual(freeName(wanted, [{ name: wanted }]), `${"a".repeat(28)}-2`)
  })
})

describe("default names", () => {
  it.effect("are names", () =>
    Effect.gen(function*() {
      yield* checkName("member", yield* defaultMemberName)
      yield* checkName("device", yield* defaultDeviceName)
    }))
})
