/**
 * Lets an agent type `claudemesh` where its user has not put that on the PATH.
 *
 * The client reads a file of shell lines before each command of its agent; hooks of a session's begin may add
 * to it (`CLAUDE_ENV_FILE`).
 *
 * @module
 */
/* oxlint-disable effecttsgo/node-builtin-import -- the hot verbs start without Effect */
import { quoted } from "@claudemesh/daemon/thin"
import { appendFileSync, existsSync, readFileSync } from "node:fs"

/** A function of the shell with the command's name, unless there is such a command. */
export function commandLine(words: ReadonlyArray<string>): string {
  const call = words.map(quoted).join(" ")
  return `command -v claudemesh >/dev/null 2>&1 || claudemesh() { ${call} "$@"; }`
}

/** Adds the line to the client's file, once; where that cannot be done the agent goes without. */
export function offerCommand(file: string, words: ReadonlyArray<string>): void {
  const line = commandLine(words)
  try {
    const before = existsSync(file) ? readFileSync(file, "utf8") : ""
    if (before.split("\n").includes(line)) return
    const gap = before === "" || before.endsWith("\n") ? "" : "\n"
    appendFileSync(file, `${gap}${line}\n`, { mode: 0o600 })
  } catch {
    // A hook never fails a turn.
  }
}
