/**
 * Ends a server and removes its files when the process that started it is gone without having done so.
 *
 * A scope does that for a test that fails; nothing does it for a test runner
 * that is killed, except a process of its own that notices.
 *
 * @module
 */
import { Effect, type Scope } from "effect"
// oxlint-disable-next-line effecttsgo/node-builtin-import -- it has to outlive this process
import { spawn } from "node:child_process"

/** Reads until its input ends, as it does with whoever holds the other end. */
const WATCH = `while read -r _; do :; done
pid=$(head -n 1 "$1/data/postmaster.pid" 2>/dev/null)
if ps -o args= -p "$pid" 2>/dev/null | grep -qF "$1/data"; then
  kill -CONT "$pid"
  kill -QUIT "$pid"
  while kill -0 "$pid" 2>/dev/null; do sleep 0.1; done
fi
rm -rf "$1"`

/** Watches over a directory whose `data` are a server's, until the scope ends. */
export function watchOver(directory: string): Effect.Effect<void, never, Scope.Scope> {
  return Effect.asVoid(Effect.acquireRelease(
    Effect.sync(() => {
      const watch = spawn("sh", ["-c", WATCH, "sh", directory], {
        stdio: ["pipe", "ignore", "ignore"],
        // Of another group, so that what ends this process by its group leaves it be.
        detached: true
      })
      watch.unref()
      return watch
    }),
    (watch) => Effect.sync(() => watch.kill("SIGKILL"))
  ))
}
