/**
 * Whether a child is stopped, as by Ctrl-Z.
 *
 * @module
 */
// oxlint-disable-next-line effecttsgo/node-builtin-import -- it is asked within a signal's handler
import { spawnSync } from "node:child_process"
// oxlint-disable-next-line effecttsgo/node-builtin-import -- as above
import { readFileSync } from "node:fs"

/** Whether the process is stopped; false for one that is gone. */
export function isStopped(pid: number): boolean {
  return /^[Tt]/.test(stateOf(pid))
}

/** Its state as `ps` has it. */
function stateOf(pid: number): string {
  try {
    // The name before it may hold anything, also a parenthesis.
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8")
    return stat.slice(stat.lastIndexOf(")") + 2)
  } catch {
    return spawnSync("ps", ["-o", "state=", "-p", String(pid)], { encoding: "utf8" }).stdout ?? ""
  }
}
