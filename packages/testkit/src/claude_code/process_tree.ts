/**
 * Kills a process with all it has started, also what left its group, as the commands of an agent do.
 *
 * @module
 */
// oxlint-disable-next-line effecttsgo/node-builtin-import -- only the system knows who is whose child
import { spawnSync } from "node:child_process"

/** Kills the process and its descendants at once; who is gone already is left out. */
export function killTree(root: number): void {
  // 0 would be this process's own group, 1 everything.
  if (root <= 1) return
  const pids = [root, ...descendantsOf(root, listProcesses())]
  killOne(-root)
  for (const pid of pids) killOne(pid)
}

/** A process and its parent. */
export type ProcessRow = readonly [pid: number, parent: number]

/** Children, their children, and so on. */
export function descendantsOf(
  root: number,
  rows: ReadonlyArray<ProcessRow>
): ReadonlyArray<number> {
  const children = rows.filter(([, parent]) => parent === root).map(([pid]) => pid)
  return [...children, ...children.flatMap((child) => descendantsOf(child, rows))]
}

function listProcesses(): ReadonlyArray<ProcessRow> {
  const { stdout } = spawnSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" })
  return [...(stdout ?? "").matchAll(/(\d+) +(\d+)/g)].map(([, pid, parent]) => [
    Number(pid),
    Number(parent)
  ])
}

function killOne(pid: number): void {
  try {
    process.kill(pid, "SIGKILL")
  } catch {
    // It is gone.
  }
}
