/**
 * Gives a test a directory of its own, and the rights of an ordinary user.
 *
 * @module
 */
import { Effect, type Scope } from "effect"
import { chmodSync, chownSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

/** The user `nobody`, whom a test run as root becomes to be refused anything. */
const NOBODY = 65_534

/** An empty directory, removed with the scope. */
export const temporaryDirectory: Effect.Effect<string, never, Scope.Scope> = Effect.acquireRelease(
  Effect.sync(() => {
    const path = mkdtempSync(join(tmpdir(), "claudemesh-sqlite-"))
    if (isRoot()) chownSync(path, NOBODY, NOBODY)
    return path
  }),
  (path) =>
    Effect.sync(() => {
      // A test may have taken its own right to write away, which only root gets around.
      chmodSync(path, 0o700)
      rmSync(path, { recursive: true, force: true })
    })
)

/** Runs an effect without root's right to pass by file modes. */
export function asOrdinaryUser<A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> {
  if (!isRoot()) return effect
  return Effect.acquireUseRelease(
    Effect.sync(() => process.seteuid?.(NOBODY)),
    () => effect,
    () => Effect.sync(() => process.seteuid?.(0))
  )
}

function isRoot(): boolean {
  return process.getuid?.() === 0
}
