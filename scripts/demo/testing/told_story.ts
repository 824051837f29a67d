/**
 * A story that is told in a place of its own, so that what it leaves behind can be seen.
 *
 * @module
 */
import { startProcess } from "@claudemesh/testkit"
import { Effect, FileSystem, Option } from "effect"
import { spawnSync } from "node:child_process"
import { dirname, join } from "node:path"

const DEMO = join(import.meta.dirname, "../../demo.ts")

/** Starts it, with an empty home and an empty temporary folder. */
export const startStory = Effect.fn("startStory")(function*(
  words: ReadonlyArray<string>,
  env: Readonly<Record<string, string>> = {}
) {
  const fs = yield* FileSystem.FileSystem
  const place = yield* fs.makeTempDirectoryScoped({ prefix: "cm-" })
  const folders = [`${place}/home`, `${place}/tmp`]
  yield* Effect.forEach(folders, (folder) => fs.makeDirectory(folder))
  const [HOME = "", TMPDIR = ""] = folders
  const told = yield* startProcess({
    command: process.execPath,
    args: [DEMO, ...words],
    env: { PATH: `${dirname(process.execPath)}:/usr/bin:/bin`, HOME, TMPDIR, ...env }
  })
  const end = Effect.gen(function*() {
    const exit = Option.getOrUndefined(yield* told.exit)
    const files = yield* Effect.forEach(folders, (folder) => fs.readDirectory(folder))
    return { exit, said: yield* told.output, left: [...files.flat(), ...processesIn(place)] }
  })
  return {
    interrupt: told.end("SIGINT"),
    isRunning: told.isRunning,
    output: told.output,
    ended: end
  }
})

/** The commands of processes that have the place in their arguments or in their environment. */
function processesIn(place: string): ReadonlyArray<string> {
  const { stdout } = spawnSync("ps", ["axeww", "-o", "command="], {
    encoding: "utf8",
    maxBuffer: 100_000_000
  })
  return stdout.split("\n").filter((line) => line.includes(place))
}
