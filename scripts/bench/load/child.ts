/**
 * Starts a program that says where it listens, and ends it with the scope.
 *
 * @module
 */
import { Effect } from "effect"
import { spawn } from "node:child_process"
import { fileURLToPath } from "node:url"

/** What to start. */
export interface Child {
  /** Its file, beside this one. */
  readonly file: string
  readonly args?: ReadonlyArray<string>
  readonly env?: Readonly<Record<string, string>>
}

/** The origin it says. */
export function startChild({ args = [], env = {}, file }: Child) {
  const path = fileURLToPath(new URL(file, import.meta.url))
  const started = Effect.acquireRelease(
    Effect.sync(() =>
      spawn(process.execPath, [path, ...args], {
        env: { ...process.env, ...env },
        stdio: ["ignore", "pipe", "inherit"]
      })
    ),
    (child) =>
      Effect.callback<void>((resume) => {
        if (child.exitCode !== null) return resume(Effect.void)
        child.once("exit", () => resume(Effect.void))
        child.kill("SIGTERM")
      })
  )
  return Effect.flatMap(started, (child) =>
    Effect.callback<string>((resume) => {
      child.stdout.once("data", (data) => resume(Effect.succeed(String(data).trim())))
      child.once("exit", (code) => resume(Effect.die(`"${file}" ended with ${code}`)))
    }))
}
