/**
 * Starts a real Claude Code client against a scripted API: in a terminal as a person would, or in print mode as a script would.
 *
 * @module
 */
import { Effect, type Scope } from "effect"
// oxlint-disable-next-line effecttsgo/node-builtin-import -- a real client is a real process
import { spawn } from "node:child_process"
import { claudeEnvironment, type ClaudeHome } from "./claude_home.ts"
import { killTree } from "./process_tree.ts"
import { startInTerminal, type TerminalProcess } from "./terminal_process.ts"

/** Which client, where, and with what. */
export interface ClaudeOptions {
  /** What `findClaude` found. */
  readonly binary: string
  readonly home: ClaudeHome
  /** Of the scripted API. */
  readonly apiUrl: string
  readonly args?: ReadonlyArray<string>
  /** More of its environment, which is else only what `claudeEnvironment` says. */
  readonly env?: Readonly<Record<string, string>>
}

/** A client in a terminal. */
export interface ClaudeSession extends TerminalProcess {
  /** Waits until it would take a prompt: no dialog is open. */
  readonly awaitPrompt: Effect.Effect<string>
  /** Types a prompt of one line, waits until it stands on the screen, and presses enter. */
  readonly submit: (prompt: string) => Effect.Effect<void>
}

/** Starts it in a terminal; the scope's end kills it with all that it started. */
export const startClaude = Effect.fn("startClaude")(function*(
  options: ClaudeOptions & { readonly columns?: number; readonly rows?: number }
): Effect.fn.Return<ClaudeSession, never, Scope.Scope> {
  const terminal = yield* startInTerminal({
    command: options.binary,
    args: options.args ?? [],
    cwd: options.home.project,
    env: environmentOf(options),
    columns: options.columns,
    rows: options.rows
  })
  return {
    ...terminal,
    awaitPrompt: terminal.awaitScreen(hasPrompt),
    submit: Effect.fnUntraced(function*(prompt) {
      yield* terminal.type(prompt)
      // An enter that comes with its text is taken for a part of what is pasted.
      yield* terminal.awaitScreen((screen) =>
        promptOf(screen).endsWith(unspaced(prompt).slice(-20))
      )
      yield* terminal.press("enter")
    })
  }
})

/** What a client in print mode left. */
export interface PrintedRun {
  /** Its exit code, if no signal ended it. */
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs it with `-p` to its end; whoever interrupts this kills it. */
export function printClaude(
  options: ClaudeOptions & { readonly prompt: string }
): Effect.Effect<PrintedRun> {
  return Effect.callback((resume) => {
    const child = spawn(options.binary, ["-p", options.prompt, ...(options.args ?? [])], {
      cwd: options.home.project,
      env: environmentOf(options),
      stdio: ["ignore", "pipe", "pipe"]
    })
    const written = { stdout: "", stderr: "" }
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      written.stdout += text
    })
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      written.stderr += text
    })
    child.once("error", (error) => resume(Effect.die(error)))
    child.once("close", (code) => resume(Effect.succeed({ code, ...written })))
    return Effect.sync(() => killTree(child.pid ?? 0))
  })
}

function environmentOf({ apiUrl, env, home }: ClaudeOptions) {
  return { ...claudeEnvironment(home, apiUrl), ...env }
}

/** The prompt stands between two rules as wide as the screen. */
const PROMPT = /^─{20,}.*\n❯([\s\S]*?)\n─{20,}/m

function hasPrompt(screen: string): boolean {
  return PROMPT.test(screen)
}

/** What is typed; where a line was broken is not to be told from a blank. */
function promptOf(screen: string): string {
  return unspaced(PROMPT.exec(screen)?.[1] ?? "")
}

function unspaced(text: string): string {
  return text.replaceAll(/\s/g, "")
}
