/**
 * Finds the token of the agent run that a verb is typed in, if it is typed in one.
 *
 * An agent's shell inherits what its client says of the session. With the token its messages go out under
 * the agent's name, and what changes whom the user trusts is refused. A run that has ended, or that never
 * was one of this home, leaves no file: then the user speaks.
 *
 * @module
 */
import { homeDirectory } from "@claudemesh/daemon"
import { Config, Effect, FileSystem, Option, Redacted } from "effect"

/** What `claudemesh launch` says, and what Claude Code says to whatever runs in a session. */
const settings = Config.all({
  file: Config.String("CLAUDEMESH_SESSION_TOKEN_FILE").pipe(Config.withDefault("")),
  session: Config.String("CLAUDE_CODE_SESSION_ID").pipe(Config.withDefault(""))
})

/** A session's id, and nothing that leads elsewhere. */
const ID = /^[0-9a-f-]{36}$/

const TOKEN = /^[\w-]{43}$/

/** The token; `run` is the directory of the home where tokens lie. */
export const sessionToken = Effect.fn("sessionToken")(function*(run: string) {
  const { file, session } = yield* Effect.orDie(settings)
  const own = ID.test(session) ? [`${run}/sessions/${session}.token`] : []
  for (const path of [...(file === "" ? [] : [file]), ...own]) {
    const text = Option.getOrElse(yield* Effect.option(readText(path)), () => "")
    if (TOKEN.test(text)) return Redacted.make(text)
  }
  return undefined
})

/** Whether a verb is typed in an agent run of this home. */
export const isTypedByAgent = Effect.gen(function*() {
  const { directory } = yield* Effect.orDie(homeDirectory)
  return (yield* sessionToken(`${directory}/run`)) !== undefined
})

const readText = Effect.fnUntraced(function*(path: string) {
  const fs = yield* FileSystem.FileSystem
  return (yield* fs.readFileString(path)).trim()
})
