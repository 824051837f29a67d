/**
 * Runs the status line that was there before ours, with what ours was given, and takes over what it prints.
 *
 * It has a second. Whatever it started goes with it.
 *
 * @module
 */
// oxlint-disable-next-line effecttsgo/node-builtin-import -- only its type
import type { ChildProcess } from "node:child_process"

const WRAPPED_MILLIS_MAX = 1_000

/** A status line is short; no more of what it prints is kept. */
const WRAPPED_BYTES_MAX = 16_384

/** What it printed, without the last line feed. */
export async function runWrapped(command: string, input: Uint8Array): Promise<string> {
  if (command === "") return ""
  const { spawn } = process.getBuiltinModule("node:child_process")
  // A group of its own, so that what it starts can be ended with it.
  const child = spawn("/bin/sh", ["-c", command], {
    detached: true,
    stdio: ["pipe", "pipe", "ignore"]
  })
  child.stdin.on("error", () => {})
  child.stdin.end(input)
  const output = await outputOf(child)
  killGroup(child.pid)
  return output.replace(/\r?\n$/, "")
}

function outputOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    const chunks: Array<Buffer> = []
    let length = 0
    const timer = setTimeout(end, WRAPPED_MILLIS_MAX)
    function end() {
      clearTimeout(timer)
      resolve(Buffer.concat(chunks).subarray(0, WRAPPED_BYTES_MAX).toString())
    }
    child.stdout?.on("data", (chunk: Buffer) => {
      chunks.push(chunk)
      length += chunk.length
      if (length >= WRAPPED_BYTES_MAX) end()
    })
    child.on("close", end)
    child.on("error", end)
  })
}

/** Nobody is left of most of them. */
function killGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL")
  } catch {
    // It is over.
  }
}
