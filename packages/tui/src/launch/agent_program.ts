/**
 * Finds the file of an agent: where its variable says, on PATH, then where installers put it.
 *
 * @module
 */
import { refused } from "@claudemesh/protocol/errors"
import { Config, Effect, FileSystem } from "effect"
import { homedir } from "node:os"
import type { Agent } from "./agents.ts"

type Wanted = Pick<Agent, "install" | "places" | "program" | "title" | "variable">

/** The absolute path; refused with where it was looked for, and what installs it. */
export const agentProgram = Effect.fn("agentProgram")(function*(agent: Wanted) {
  const { install, places, program, title, variable } = agent
  const named = variable === undefined ? "" : yield* setting(variable)
  const path = (yield* setting("PATH")).split(":").filter((directory) => directory.startsWith("/"))
  const user = yield* userDirectory
  const beside = places.map((place) => place.replace(/^~/, () => user))
  const files = named === ""
    ? [...path, ...beside].map((directory) => `${directory}/${program}`)
    : [named]
  for (const file of files) if (yield* isExecutable(file)) return file
  const looked = named === "" ? `in PATH, ${places.join(", ")}` : `at ${variable}, "${named}"`
  return yield* refused(
    "program_missing",
    `Cannot find ${title}: there is no ${program} ${looked}; ${install} installs it`
  )
})

/** The user's own directory. */
export const userDirectory = Effect.map(
  Effect.suspend(() => setting("HOME")),
  (home) => home === "" ? homedir() : home
)

/** What the environment says, empty where it says nothing. */
export function setting(name: string): Effect.Effect<string> {
  return Effect.orDie(Config.String(name).pipe(Config.withDefault("")))
}

const isExecutable = Effect.fnUntraced(function*(file: string) {
  const fs = yield* FileSystem.FileSystem
  return yield* fs.stat(file).pipe(
    Effect.map(({ mode, type }) => type === "File" && (mode & 0o111) !== 0),
    Effect.orElseSucceed(() => false)
  )
})
