/**
 * Checks the daemon's database, where no daemon has it open.
 *
 * Another process reads it: SQLite answers when it is done, and a check that takes long can be ended.
 *
 * @module
 */
import { Effect, FileSystem, Option } from "effect"
import { word } from "../cli/shell_word.ts"
import { failed, type Finding, ok, skipped } from "./finding.ts"
import { Machine } from "./machine.ts"
import { programOutput } from "./program_output.ts"

const SECONDS_MAX = 4

/** Prints `ok`, or what is wrong; reads only. */
const QUICK_CHECK = `
const { DatabaseSync } = require("node:sqlite")
try {
  const database = new DatabaseSync(process.argv[1], { readOnly: true, timeout: 500 })
  process.stdout.write(database.prepare("PRAGMA quick_check(1)").get().quick_check)
} catch (error) { process.stdout.write(error.message) }
`

/** Whether the database opens and is whole. */
export const database = Effect.gen(function*() {
  const { daemon, executable, holder, home } = yield* Machine
  const { is } = yield* daemon
  if (is === "running" || is === "silent") {
    return [skipped("the daemon has it open, and looks itself")]
  }
  if (is === "absent" && Option.isSome(yield* holder)) return [skipped("a process holds the home")]
  const fs = yield* FileSystem.FileSystem
  const file = `${home}/data/daemon.sqlite`
  const info = yield* Effect.option(fs.stat(file))
  if (Option.isNone(info) || info.value.size === 0n) return [skipped("there is none yet")]
  const ran = yield* programOutput({
    program: executable.program,
    args: ["--no-warnings", "-e", QUICK_CHECK, file],
    secondsMax: SECONDS_MAX
  })
  return [databaseFinding(file, ran?.text)]
})

/** What there is to say of what SQLite said. */
export function databaseFinding(file: string, said: string | undefined): Finding {
  if (said === undefined) {
    return skipped(`"${file}" is large: it was not read within ${SECONDS_MAX} s`)
  }
  if (said === "ok") return ok("opens, and is whole")
  return failed(`"${file}": ${said.split("\n", 1).join("")}`, {
    cmd: "claudemesh daemon start",
    why: `a damaged one is moved aside and kept; or put ${word(file)} back from a backup first`
  })
}
