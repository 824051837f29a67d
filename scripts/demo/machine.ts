/**
 * A machine of a story: a new home, a shell in a terminal, and a script in the place of the model.
 *
 * Nothing of the caller's is in it: neither a home, nor a mesh, nor an account.
 *
 * @module
 */
import {
  claudeEnvironment,
  type ClaudeSession,
  makeClaudeHome,
  makeScriptedApi,
  type ScriptedApi,
  startClaude
} from "@claudemesh/testkit/claude_code"
import { Effect, type Scope } from "effect"
import { spawn } from "node:child_process"
import { writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { EXECUTABLE } from "../../packages/tui/src/executable.ts"
import type { PlayedAgent } from "./played_agents.ts"

/** What stands before what is typed. */
const PROMPT = "$ "

/** So that no line of ours is broken in two. */
const COLUMNS = 240

/** The machine. */
export interface DemoMachine {
  readonly api: ScriptedApi
  /** The shell, and the agent once it has taken the terminal over. */
  readonly terminal: ClaudeSession
  /** Types a line into the shell. */
  readonly type: (line: string) => Effect.Effect<void>
  /** Runs a verb beside the terminal; answers with what it printed. */
  readonly run: (...words: ReadonlyArray<string>) => Effect.Effect<string>
  /** Leaves the agent and the shell, and stops what they have started, as a person does. */
  readonly leave: Effect.Effect<void>
}

/** Starts it; the scope's end stops what runs on it, and deletes its home. */
export const makeDemoMachine = Effect.fn("makeDemoMachine")(function*(
  binary: string,
  { files, script }: PlayedAgent
): Effect.fn.Return<DemoMachine, never, Scope.Scope> {
  const home = yield* makeClaudeHome({ allow: ["Bash(claudemesh:*)", "Bash(cat:*)"] })
  for (const [name, text] of Object.entries(files)) writeFileSync(join(home.project, name), text)
  const api = yield* makeScriptedApi({ main: script })
  const { PATH = "", ...environment } = claudeEnvironment(home, api.url)
  const env = { ...environment, PATH: `${TOOLS}:${PATH}`, PS1: PROMPT, CLAUDE_BIN: binary }
  function run(...words: ReadonlyArray<string>) {
    return runVerb({ words, env, cwd: home.project })
  }
  let isDown = false
  const down = Effect.suspend(() => isDown ? Effect.void : run("down")).pipe(
    Effect.andThen(Effect.sync(() => {
      isDown = true
    }))
  )
  // What a launch has started outlives the terminal.
  yield* Effect.addFinalizer(() => down)
  const args = ["--noprofile", "--norc", "-i"]
  const shell = { binary: "/bin/bash", args, home, apiUrl: api.url, env, columns: COLUMNS }
  const terminal = yield* startClaude(shell)
  const atPrompt = terminal.awaitScreen((screen) => screen.endsWith(PROMPT.trimEnd()))

  function type(line: string) {
    return Effect.all([atPrompt, terminal.type(line), terminal.press("enter")], { discard: true })
  }
  const leave = Effect.gen(function*() {
    yield* terminal.awaitPrompt
    yield* terminal.submit("/exit")
    yield* type("exit")
    yield* terminal.exit
    yield* down
  })
  return { api, terminal, type, run, leave }
})

/** Where `claudemesh` is, and the Node that runs it. */
const TOOLS = [dirname(process.execPath), join(import.meta.dirname, "../../node_modules/.bin")]
  .join(":")

function runVerb({ cwd, env, words }: {
  readonly words: ReadonlyArray<string>
  readonly env: Readonly<Record<string, string>>
  readonly cwd: string
}): Effect.Effect<string> {
  return Effect.callback((resume) => {
    const child = spawn(process.execPath, [EXECUTABLE, ...words], {
      cwd,
      env: { ...env },
      stdio: ["ignore", "pipe", "ignore"],
      // A Ctrl-C is meant for the story, which still has to stop what runs.
      detached: true
    })
    let said = ""
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      said += text
    })
    child.once("error", (error) => resume(Effect.die(error)))
    child.once("close", () => resume(Effect.succeed(said)))
    return Effect.sync(() => child.kill())
  })
}
