import { assert, describe, it } from "@effect/vitest"
import { vectorSets } from "./mod.ts"

describe("vectorSets", () => {
  it("names each file once", () => {
    const files = vectorSets.map(({ file }) => file)

    assert.deepStrictEqual(files, [...new Set(files)])
  })

  it.each(vectorSets.map((set) => [set.file, set] as const))(
    "makes the same vectors of %s each time, each with its own name",
    (_, { make }) => {
      const { given, vectors } = make()
      const names = vectors.map(({ name }) => name)

      assert.deepStrictEqual(names, [...new Set(names)])
      assert.deepStrictEqual(make(), { ...make(), given, vectors })
    }
  )
})
