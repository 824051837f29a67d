/**
 * Writes the marketplace folder, from which Claude Code installs the plugin by itself; `--check` only says what
 * is not as it would be.
 *
 * There the command is `claudemesh`, found on PATH.
 *
 * @module
 */
import { PLUGIN_NAME, pluginFiles } from "@claudemesh/daemon/install"
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { dirname } from "node:path"
import { fileURLToPath } from "node:url"
import { skillText } from "../packages/tui/src/cli/skill.ts"
import { VERSION } from "../packages/tui/src/version.ts"

const root = fileURLToPath(new URL("..", import.meta.url))
const folder = `plugins/${PLUGIN_NAME}`

const marketplace = {
  name: PLUGIN_NAME,
  owner: { name: PLUGIN_NAME },
  plugins: [{
    name: PLUGIN_NAME,
    source: `./${folder}`,
    version: VERSION,
    description: "Messages between agents and people on many machines, end-to-end encrypted"
  }]
}

const plugin = pluginFiles({
  version: VERSION,
  executable: { program: "claudemesh", args: [] },
  skill: skillText()
})

/** Every file, by its path in the repository. */
const files = new Map([
  [".claude-plugin/marketplace.json", `${JSON.stringify(marketplace, null, 2)}\n`],
  ...[...plugin].map(([path, text]) => [`${folder}/${path}`, text] as const)
])

const isCheck = process.argv.includes("--check")
for (const [path, text] of files) {
  if (text !== current(path)) mend(path, () => place(path, text))
}
for (const path of strays()) mend(path, () => rmSync(`${root}${path}`))

function mend(path: string, write: () => void): void {
  if (!isCheck) return write()
  console.log(`${path} is not what the source says`)
  process.exitCode = 1
}

function place(path: string, text: string): void {
  mkdirSync(dirname(`${root}${path}`), { recursive: true })
  writeFileSync(`${root}${path}`, text)
}

function current(path: string): string | undefined {
  try {
    return readFileSync(`${root}${path}`, "utf8")
  } catch {
    return undefined
  }
}

/** What an earlier version has left. */
function strays(): ReadonlyArray<string> {
  if (!existsSync(`${root}${folder}`)) return []
  return readdirSync(`${root}${folder}`, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`.slice(root.length))
    .filter((path) => !files.has(path))
}
