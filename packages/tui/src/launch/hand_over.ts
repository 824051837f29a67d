/**
 * Hands the terminal over to an agent, and does nothing until it has ended.
 *
 * The agent is in the foreground with us, has our stdin, stdout and stderr, and gets from the keyboard what
 * we do. So Ctrl-C is its own affair, and we only must not die of it. What is sent to us alone, to end us, is
 * passed on. When it stops itself we stop too, so that the shell sees its job stopped; `fg` wakes both.
 *
 * @module
 */
import { type Refused, refused } from "@claudemesh/protocol/errors"
import { Effect, Stdio, Stream } from "effect"
// oxlint-disable-next-line effecttsgo/node-builtin-import -- Effect's processes are groups of their own
import { type ChildProcess, spawn } from "node:child_process"
import { constants } from "node:os"
import { isStopped } from "./stopped_child.ts"
import { terminalReset } from "./terminal_reset.ts"

/** What is run. */
export interface AgentCommand {
  readonly program: string
  readonly args: ReadonlyArray<string>
  /** More of its environment, which else is ours; what is undefined is taken out of it. */
  readonly environment: Readonly<Record<string, string | undefined>>
}

/** How it ended. */
interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** From the keyboard: the agent has them as well. */
const SHARED: ReadonlyArray<NodeJS.Signals> = ["SIGINT", "SIGQUIT"]
/** From somebody who means to end us. */
const PASSED_ON: ReadonlyArray<NodeJS.Signals> = ["SIGTERM", "SIGHUP"]

/** Runs it to its end; answers with its exit code, which is 128 and the signal's number for one that was killed. */
export const handOver = Effect.fn("handOver")(function*(command: AgentCommand) {
  const { code, signal } = yield* Effect.uninterruptible(inForeground(command))
  const exit = signal === null ? code ?? 0 : 128 + constants.signals[signal]
  // One that ends by itself has cleaned up, whatever it was told. What runs an agent ends so where that was killed.
  if (exit > 128) yield* resetTerminal
  return exit
})

function inForeground(command: AgentCommand): Effect.Effect<Ended, Refused> {
  return Effect.callback((resume) => {
    const child = spawn(command.program, [...command.args], {
      env: { ...process.env, ...command.environment },
      stdio: "inherit"
    })
    const giveBack = takeSignals(child)
    child.once("error", (error) => {
      giveBack()
      resume(Effect.fail(cannotStart(command.program, error)))
    })
    child.once("exit", (code, signal) => {
      giveBack()
      resume(Effect.succeed({ code, signal }))
    })
  })
}

/** In the place of who listened before; answers with what puts them back. */
function takeSignals(child: ChildProcess): () => void {
  const handlers = [
    ...SHARED.map((signal) => [signal, () => {}] as const),
    ...PASSED_ON.map((signal) => [signal, () => void child.kill(signal)] as const)
  ]
  const before = handlers.map(([signal]) => [signal, process.listeners(signal)] as const)
  function stopWith() {
    if (isStopped(child.pid ?? 0)) process.kill(process.pid, "SIGSTOP")
  }
  for (const [signal, handler] of handlers) process.removeAllListeners(signal).on(signal, handler)
  process.on("SIGCHLD", stopWith)
  return () => {
    process.off("SIGCHLD", stopWith)
    for (const [signal, handler] of handlers) process.off(signal, handler)
    for (const [signal, listeners] of before) {
      listeners.forEach((listener) => process.on(signal, listener))
    }
  }
}

const resetTerminal = Effect.gen(function*() {
  const stdio = yield* Stdio.Stdio
  if (!(yield* stdio.stdoutIsTerminal)) return
  yield* Stream.make(terminalReset()).pipe(
    Stream.run(stdio.stdout({ endOnDone: false })),
    Effect.ignore
  )
})

function cannotStart(program: string, error: Error): Refused {
  return refused("program_missing", `Cannot start "${program}": ${error.message}`)
}
