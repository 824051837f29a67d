/**
 * A program in a pseudo-terminal: its screen can be read, and keys reach it as from a keyboard.
 *
 * The scope's end kills it with all that it started.
 *
 * @module
 */
import { Effect, Option, type Scope } from "effect"
import { type IPty, spawn } from "@lydell/node-pty"
import { killTree } from "./process_tree.ts"
import { makeTerminalScreen, type TerminalScreen } from "./terminal_screen.ts"
import { within } from "./within.ts"

/** What to run. */
export interface TerminalOptions {
  readonly command: string
  readonly args: ReadonlyArray<string>
  readonly cwd: string
  /** The whole environment: nothing is inherited. */
  readonly env: Readonly<Record<string, string>>
  readonly columns?: number | undefined
  readonly rows?: number | undefined
}

/** What each key sends. */
const keys = {
  "enter": "\r",
  "escape": "\x1b",
  "tab": "\t",
  "shift+tab": "\x1b[Z",
  "backspace": "\x7f",
  "up": "\x1b[A",
  "down": "\x1b[B",
  "right": "\x1b[C",
  "left": "\x1b[D",
  "ctrl+c": "\x03",
  "ctrl+d": "\x04",
  "ctrl+o": "\x0f"
}

/** A key that is not a letter. */
export type Key = keyof typeof keys

/** The program. */
export interface TerminalProcess {
  readonly pid: number
  /** What can be seen now. */
  readonly screen: () => string
  /** Waits until the screen holds a text, or is as a predicate has it. A long wait is a defect that shows the screen. */
  readonly awaitScreen: (wanted: string | ((screen: string) => boolean)) => Effect.Effect<string>
  readonly type: (text: string) => Effect.Effect<void>
  readonly press: (key: Key) => Effect.Effect<void>
  /** Waits until it has ended; its exit code, if no signal ended it. */
  readonly exit: Effect.Effect<Option.Option<number>>
  readonly isRunning: () => boolean
  /** Kills it with all that it started, without warning, and waits until it is gone. */
  readonly kill: Effect.Effect<void>
}

/** Starts it. */
export function startInTerminal(
  options: TerminalOptions
): Effect.Effect<TerminalProcess, never, Scope.Scope> {
  return Effect.acquireRelease(Effect.sync(() => start(options)), ({ kill }) => kill)
}

function start({ args, columns = 120, command, cwd, env, rows = 40 }: TerminalOptions) {
  const pty = spawn(command, [...args], { cols: columns, rows, cwd, env: { ...env } })
  const screen = makeTerminalScreen({ columns, rows }, (data) => pty.write(data))
  const watchers = new Set<() => void>()
  const exit = watchExit(pty)
  pty.onData((data) => screen.write(data, () => watchers.forEach((look) => look())))

  const running: TerminalProcess = {
    pid: pty.pid,
    screen: screen.text,
    awaitScreen: (wanted) => awaitScreen({ screen, watchers }, wanted),
    type: (text) => Effect.sync(() => pty.write(text)),
    press: (key) => Effect.sync(() => pty.write(keys[key])),
    exit: exit.ended,
    isRunning: exit.isRunning,
    kill: Effect.suspend(() => {
      if (exit.isRunning()) killTree(pty.pid)
      return Effect.asVoid(exit.ended)
    })
  }
  return running
}

interface Watched {
  readonly screen: TerminalScreen
  readonly watchers: Set<() => void>
}

function awaitScreen(
  { screen, watchers }: Watched,
  wanted: string | ((screen: string) => boolean)
): Effect.Effect<string> {
  const fits = typeof wanted === "function" ? wanted : (text: string) => text.includes(wanted)
  const seen = Effect.callback<string>((resume) => {
    function look() {
      const text = screen.text()
      if (fits(text)) resume(Effect.succeed(text))
    }
    watchers.add(look)
    look()
    return Effect.sync(() => watchers.delete(look))
  })
  const what = typeof wanted === "function" ? "what was waited for" : `"${wanted}"`
  return within(seen, () => `The screen did not come to show ${what}:\n${screen.text()}`)
}

function watchExit(pty: IPty) {
  let code: Option.Option<number> | undefined
  const waiting = new Set<() => void>()
  pty.onExit(({ exitCode, signal }) => {
    code = signal === undefined || signal === 0 ? Option.some(exitCode) : Option.none()
    for (const hear of waiting) hear()
  })
  const ended = Effect.callback<Option.Option<number>>((resume) => {
    function hear() {
      if (code !== undefined) resume(Effect.succeed(code))
    }
    waiting.add(hear)
    hear()
    return Effect.sync(() => waiting.delete(hear))
  })
  return { ended, isRunning: () => code === undefined }
}
