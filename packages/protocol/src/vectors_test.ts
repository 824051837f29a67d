import { VectorFile, vectorSets } from "@claudemesh/testkit/vectors"
import { assert, describe, it } from "@effect/vitest"
import { Result, Schema } from "effect"
import { globSync, readFileSync } from "node:fs"
import { basename } from "node:path"
import { fileURLToPath } from "node:url"

const folder = fileURLToPath(new URL("../testdata", import.meta.url))
const sets = vectorSets.map((set) => [set.file, set, read(set.file)] as const)

describe("the published vectors", () => {
  it("have a set for every file", () => {
    const files = globSync(`${folder}/*.json`).map((path) => basename(path, ".json"))

    assert.sameMembers(files, vectorSets.map(({ file }) => file))
  })

  it("are more than sixty, and half of them refusals", () => {
    const vectors = sets.flatMap(([, , file]) => file.vectors)

    assert.isAbove(vectors.length, 150)
    assert.isAbove(vectors.filter(({ expect }) => expect.refused !== undefined).length, 75)
  })

  const rows = sets.flatMap(([name, set, file]) =>
    file.vectors.map((vector) => ({ name, set, given: file.given, vector }))
  )
  it.each(rows)("hold: $name, $vector.name", ({ given, set, vector }) => {
    assert.deepStrictEqual(set.answer(vector, given), vector.expect)
  })
})

function read(file: string): VectorFile {
  const text = readFileSync(`${folder}/${file}.json`, "utf8")
  return Result.getOrThrow(Schema.decodeUnknownResult(VectorFile)(JSON.parse(text)))
}
