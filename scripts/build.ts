/**
 * Builds `claudemesh` into `packages/tui/dist`, from where its executable runs while the source is the same.
 *
 * Everything is in a few files, of which a verb loads what it needs. A process that runs an older build may still
 * load files of it: those are named by what they hold, and are removed when they are a week old.
 *
 * @module
 */
import {
  globSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync
} from "node:fs"
import { dirname, relative } from "node:path"
import { fileURLToPath } from "node:url"
import { type Plugin, rolldown } from "rolldown"

const root = fileURLToPath(new URL("..", import.meta.url))
const tui = `${root}/packages/tui`
const dist = `${tui}/dist`
const ENTRY = "main.js"
const WEEK_MILLIS = 7 * 24 * 60 * 60 * 1_000

/**
 * The MCP SDK's server makes a JSON Schema validator as it starts, for questions to the user, of which the push
 * pipe has none: a third of its code, compiled for nothing.
 */
const withoutValidator: Plugin = {
  name: "without-validator",
  load: (id) =>
    id.endsWith("/@modelcontextprotocol/sdk/dist/esm/validation/ajv-provider.js")
      ? "export class AjvJsonSchemaValidator {}"
      : undefined
}

const startedAt = new Date()
const chunks = await bundled()
mkdirSync(dist, { recursive: true })
for (const { code, fileName } of chunks) {
  if (fileName !== ENTRY) place(fileName, code)
}
place("inputs.json", `${JSON.stringify(inputsOf(chunks))}\n`)
place(ENTRY, chunks.find(({ fileName }) => fileName === ENTRY)?.code ?? "")
// What was changed while it was being built is newer than it.
utimesSync(`${dist}/${ENTRY}`, startedAt, startedAt)
removeOld()

type Chunk = Awaited<ReturnType<typeof bundled>>[number]

async function bundled() {
  const bundle = await rolldown({
    input: `${tui}/src/main.ts`,
    platform: "node",
    plugins: [withoutValidator]
  })
  const { output } = await bundle.generate({ format: "esm", minify: { mangle: false } })
  await bundle.close()
  return output.filter((part) => part.type === "chunk")
}

/** The files of ours that it is made of, and what says which packages it is made of; relative to it. */
function inputsOf(chunks: ReadonlyArray<Chunk>): ReadonlyArray<string> {
  const sources = chunks.flatMap(({ moduleIds }) => moduleIds).filter((id) =>
    id.startsWith(`${root}packages/`) && !id.includes("/node_modules/")
  )
  return [...sources, `${root}package-lock.json`].map((path) => relative(dist, path)).toSorted()
}

/** Whole or not at all: it may be read at this moment. */
function place(name: string, text: string): void {
  const path = `${dist}/${name}`
  const beside = `${path}.${process.pid}`
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(beside, text)
  renameSync(beside, path)
}

function removeOld(): void {
  for (const path of globSync(`${dist}/*`)) {
    if (startedAt.getTime() - statSync(path).mtimeMs > WEEK_MILLIS) rmSync(path)
  }
}
