/**
 * Ends the program on Ctrl-C and SIGTERM: the first asks, and the second does not.
 *
 * @module
 */
import { Effect, Runtime } from "effect"

/** How long a program that was asked to end may take before it is ended. */
export const STOP_MILLIS_MAX = 3_000

const endUngently = Effect.andThen(
  Effect.sleep(STOP_MILLIS_MAX),
  Effect.sync(() => process.exit(130))
)

/** Runs the program; its value is the exit code. */
export const runMain = Runtime.makeRunMain(({ fiber, teardown }) => {
  let asked = false

  function onSignal() {
    if (asked) process.exit(130)
    asked = true
    fiber.interruptUnsafe(fiber.id)
    Effect.runFork(endUngently)
  }

  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, onSignal)
  // The reader has gone: nothing is left to say, and no reason to fail.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {})
  fiber.addObserver((exit) => teardown(exit, (code) => process.exit(code)))
})
