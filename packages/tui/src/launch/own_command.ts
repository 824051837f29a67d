/**
 * Lets an agent type `claudemesh` where its user has not put that on the PATH: a folder with nothing else in it.
 *
 * It comes last on the agent's PATH, so that an installed `claudemesh` is meant where there is one.
 *
 * @module
 */
import { quoted } from "@claudemesh/daemon/install"
import { Effect, FileSystem } from "effect"
import { ownExecutable } from "../cli/verbs/install_surroundings.ts"
import { setting } from "./agent_program.ts"
import { replaceFile } from "./replaced_file.ts"

/** Writes the command below the home's run directory; answers with the agent's PATH. */
export const pathWithOwnCommand = Effect.fn("pathWithOwnCommand")(function*(run: string) {
  const fs = yield* FileSystem.FileSystem
  const folder = `${run}/launch/bin`
  const file = `${folder}/claudemesh`
  yield* fs.makeDirectory(folder, { recursive: true, mode: 0o700 })
  yield* replaceFile(file, { text: scriptOf(), isProgram: true })
  const path = yield* setting("PATH")
  const others = path.split(":").filter((part) => part !== "" && part !== folder)
  return [...others, folder].join(":")
})

function scriptOf(): string {
  const words = [ownExecutable.program, ...ownExecutable.args].map(quoted)
  return `#!/bin/sh\nexec ${words.join(" ")} "$@"\n`
}
