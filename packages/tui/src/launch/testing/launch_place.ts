/**
 * A place to launch from: a home that is in a mesh, a project, and a terminal.
 *
 * @module
 */
import { type ClaudeHome, makeClaudeHome, startClaude } from "@claudemesh/testkit/claude_code"
import { Effect, FileSystem } from "effect"
import { chmodSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { makeBroker, makeMachine } from "../../testing/real_mesh.ts"

/** A broker, a daemon in a mesh called "home", and an isolated home for clients. */
export const makeLaunchPlace = Effect.fn("makeLaunchPlace")(function*() {
  const fs = yield* FileSystem.FileSystem
  const directory = yield* Effect.orDie(fs.makeTempDirectoryScoped({ prefix: "cm-" }))
  const broker = yield* makeBroker(directory)
  const ada = yield* makeMachine(directory, "ada")
  yield* Effect.all([broker.start, ada.start], { concurrency: "unbounded" })
  yield* ada.daemon.meshes.create({
    payload: { name: "home", broker: broker.origin, member: "ada" }
  })
  const home = yield* makeClaudeHome()
  return { ada, broker, home, env: { CLAUDEMESH_HOME: ada.home } }
})

const AGENT = fileURLToPath(new URL("full_screen_agent.ts", import.meta.url))

/** The full-screen agent as a file that can be run. */
export function agentFile(home: ClaudeHome): Effect.Effect<string> {
  const script = `#!/bin/sh\nexec '${process.execPath}' '${AGENT}' "$@"\n`
  return Effect.tap(
    home.write("bin/full_screen_agent", script),
    (path) => Effect.sync(() => chmodSync(path, 0o755))
  )
}

/** A shell in a terminal, to which lines are typed. */
export const startShell = Effect.fn("startShell")(function*(options: {
  readonly home: ClaudeHome
  readonly env: Readonly<Record<string, string>>
  readonly args: ReadonlyArray<string>
}) {
  return yield* startClaude({ binary: "/bin/bash", apiUrl: "http://127.0.0.1:9", ...options })
})
