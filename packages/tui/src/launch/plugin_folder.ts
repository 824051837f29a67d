/**
 * The plugin for a client that has not installed it: a folder in the home that is named at the start.
 *
 * @module
 */
import { type Home, PLUGIN_NAME, pluginFiles } from "@claudemesh/daemon"
import { Effect, FileSystem } from "effect"
import { skillText } from "../cli/skill.ts"
import { ownExecutable } from "../cli/verbs/install_surroundings.ts"
import { VERSION } from "../version.ts"
import { setting, userDirectory } from "./agent_program.ts"
import { replaceFile } from "./replaced_file.ts"

/** Whether the client finds the plugin by itself. */
export const isPluginInstalled = Effect.gen(function*() {
  const fs = yield* FileSystem.FileSystem
  const configured = yield* setting("CLAUDE_CONFIG_DIR")
  const directory = configured === "" ? `${yield* userDirectory}/.claude` : configured
  const manifest = `${directory}/skills/${PLUGIN_NAME}/.claude-plugin/plugin.json`
  return yield* Effect.orElseSucceed(fs.exists(manifest), () => false)
})

/** Where the folder is. */
export function pluginFolderIn(run: Home["Service"]["run"]): string {
  return `${run}/launch/${PLUGIN_NAME}`
}

/** Writes what of the folder is not there already; a running client reads from it. */
export const writePluginFolder = Effect.fn("writePluginFolder")(function*(folder: string) {
  const files = pluginFiles({ version: VERSION, executable: ownExecutable, skill: skillText() })
  yield* Effect.forEach(files, ([path, text]) => writeChanged(`${folder}/${path}`, text), {
    discard: true
  })
})

const writeChanged = Effect.fnUntraced(function*(file: string, text: string) {
  const fs = yield* FileSystem.FileSystem
  const before = yield* Effect.orElseSucceed(fs.readFileString(file), () => undefined)
  if (before === text) return
  yield* fs.makeDirectory(file.slice(0, file.lastIndexOf("/")), { recursive: true, mode: 0o700 })
  yield* replaceFile(file, { text })
})
