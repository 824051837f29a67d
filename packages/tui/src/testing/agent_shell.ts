/**
 * The environment of a shell in which an agent works: with the token of its session.
 *
 * @module
 */
import { Effect, FileSystem } from "effect"

/** Words that a verb takes for a token; nobody looks whose it is. */
const TOKEN = "A".repeat(43)

/** The variables; the file that they name goes with the scope. */
export const agentShell = Effect.gen(function*() {
  const fs = yield* FileSystem.FileSystem
  const directory = yield* fs.makeTempDirectoryScoped({ prefix: "cm-" })
  const file = `${directory}/session.token`
  yield* fs.writeFileString(file, TOKEN)
  return { CLAUDEMESH_SESSION_TOKEN_FILE: file, CLAUDECODE: "1" }
})
