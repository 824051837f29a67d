/**
 * Writes the published test vectors and the recording of frames: `packages/protocol/testdata`.
 *
 * With `--check` it writes nothing, and fails if a file is not what would be written.
 *
 * @module
 */
import { recordFrames, vectorSets } from "@claudemesh/testkit/vectors"
import { existsSync, readFileSync, writeFileSync } from "node:fs"

const FOLDER = "packages/protocol/testdata"
const checkOnly = process.argv.includes("--check")

const files = [
  ...vectorSets.map(({ file, make }) => [`${FOLDER}/${file}.json`, written(make())] as const),
  [
    `${FOLDER}/cm1.ndjson`,
    recordFrames().map((line) => `${JSON.stringify(line)}\n`).join("")
  ] as const
]
const stale = files.filter(([path, text]) =>
  !existsSync(path) || readFileSync(path, "utf8") !== text
)

for (const [path, text] of stale) {
  if (checkOnly) console.log(`${path} is not what scripts/generate_vectors.ts writes`)
  else writeFileSync(path, text)
}
if (!checkOnly) console.log(`wrote ${stale.length} of ${files.length} files`)
process.exitCode = checkOnly && stale.length > 0 ? 1 : 0

/** A vector a line, so that a change shows as the vectors it changes. */
function written(
  { about, given, vectors }: ReturnType<(typeof vectorSets)[number]["make"]>
): string {
  const lines = vectors.map((vector) => `    ${JSON.stringify(vector)}`)
  const head = `  "about": ${JSON.stringify(about)},\n  "given": ${JSON.stringify(given)},`
  return `{\n${head}\n  "vectors": [\n${lines.join(",\n")}\n  ]\n}\n`
}
