/**
 * Creates files that only their user may read.
 *
 * @module
 */
// oxlint-disable-next-line effecttsgo/node-builtin-import -- SQLite opens the file in the same breath
import { closeSync, openSync } from "node:fs"
import { Predicate } from "effect"

/**
 * Creates an empty file of mode 0600 unless there is one, which then keeps the mode it has.
 *
 * Never opens a file that exists: closing it would drop every lock that this process holds on it,
 * SQLite's included. <https://sqlite.org/howtocorrupt.html#_posix_advisory_locks_canceled_by_a_separate_thread_doing_close_>
 */
export function createPrivate(path: string): void {
  try {
    closeSync(openSync(path, "wx", 0o600))
  } catch (thrown) {
    if (!Predicate.hasProperty(thrown, "code") || thrown.code !== "EEXIST") throw thrown
  }
}
