import { assert, describe, it } from "@effect/vitest"
import { told } from "../testing/told.ts"
import { presence } from "./presence.ts"

const attached = told("attached", 1_000)

describe("presence", () => {
  it("finds nothing in somebody who was away for the whole lease", () => {
    const history = [attached, told("detached", 2_000), told("presence", 92_000)]
    assert.deepStrictEqual(presence(history), [])
  })

  it("finds somebody who was shown gone too early, or while there", () => {
    const early = [attached, told("detached", 2_000), told("presence", 30_000)]
    assert.deepStrictEqual(presence(early).map(({ guarantee }) => guarantee), ["G16"])
    assert.lengthOf(presence([attached, told("presence", 300_000)]), 1)
  })

  it("lets news of an absence that has ended come late", () => {
    const history = [
      attached,
      told("detached", 2_000),
      told("attached", 120_000),
      told("presence", 121_000)
    ]
    assert.deepStrictEqual(presence(history), [])
  })

  it("takes all for absent whose broker has died", () => {
    assert.deepStrictEqual(
      presence([attached, told("killed", 2_000), told("presence", 95_000)]),
      []
    )
  })

  it("asks nothing of those that are shown away", () => {
    assert.deepStrictEqual(presence([attached, told("presence", 2_000, { state: "away" })]), [])
  })
})
