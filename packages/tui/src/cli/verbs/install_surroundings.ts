/**
 * What `claudemesh install` finds on this machine: where the client keeps its files, and how we are called.
 *
 * @module
 */
import type { Executable } from "@claudemesh/daemon/install"
import { refused } from "@claudemesh/protocol/errors"
import { Config, Effect, FileSystem } from "effect"
import { homedir } from "node:os"
import { EXECUTABLE } from "../../executable.ts"

/** This very executable, by absolute paths. */
export const ownExecutable: Executable = { program: process.execPath, args: [EXECUTABLE] }

/** Claude Code's own directory: `CLAUDE_CONFIG_DIR`, else `~/.claude`. */
export const claudeDirectory = Effect.gen(function*() {
  const setting = yield* Effect.orDie(asked("CLAUDE_CONFIG_DIR"))
  const directory = setting === "" ? `${homedir()}/.claude` : setting.replace(/(?<=.)\/+$/, "")
  if (directory.startsWith("/")) return directory
  return yield* refused(
    "plugin_place_unusable",
    `Cannot use CLAUDE_CONFIG_DIR "${directory}": it is not an absolute path`
  )
})

/** What a person should know before they rely on the installation. */
export const installWarnings = Effect.fn("installWarnings")(function*(executable: Executable) {
  const [main = ""] = executable.args
  const isOnPath = yield* onPath
  return [
    ...(main.includes("/_npx/")
      ? [
        `The plugin would run "${main}", which is in npx's cache: npm empties it as it likes. ` +
        "Install claudemesh for good (npm install -g claudemesh), and run its install again"
      ]
      : []),
    ...(isOnPath
      ? []
      : ["claudemesh is not on PATH: agents are told to type it, so put it there"])
  ]
})

/** Whether a shell finds `claudemesh`. */
const onPath = Effect.gen(function*() {
  const fs = yield* FileSystem.FileSystem
  const directories = (yield* Effect.orDie(asked("PATH"))).split(":").filter((one) => one !== "")
  const found = yield* Effect.forEach(
    directories,
    (directory) => Effect.orElseSucceed(fs.exists(`${directory}/claudemesh`), () => false)
  )
  return found.includes(true)
})

/** A setting of the environment; empty where it is not set. */
export function asked(name: string): Config.Config<string> {
  return Config.String(name).pipe(Config.withDefault(""))
}
