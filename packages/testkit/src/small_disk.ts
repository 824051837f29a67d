/**
 * A disk of a few megabytes that a test can fill, where the system lets it mount one.
 *
 * @module
 */
import { Effect, type Scope } from "effect"
// oxlint-disable-next-line effecttsgo/node-builtin-import -- two calls of a program, and nothing to wait for
import { spawnSync } from "node:child_process"
// oxlint-disable-next-line effecttsgo/node-builtin-import -- it fills a disk to the last byte, and makes room again
import { closeSync, mkdirSync, mkdtempSync, openSync, rmdirSync, rmSync, writeSync } from "node:fs"
import { tmpdir } from "node:os"
// oxlint-disable-next-line effecttsgo/node-builtin-import -- there is no service to join two names with here
import { join } from "node:path"

/** A disk that is mounted while the scope is open. */
export interface SmallDisk {
  /** Leaves no byte of it free. */
  readonly fill: Effect.Effect<void>
  /** Takes away again what filled it. */
  readonly makeRoom: Effect.Effect<void>
}

/** Mounts an empty disk of so many bytes at a directory, which is made for it. */
export function smallDisk(
  directory: string,
  bytes: number
): Effect.Effect<SmallDisk, never, Scope.Scope> {
  const filler = join(directory, "filler")
  return Effect.acquireRelease(
    Effect.sync(() => {
      mkdirSync(directory, { recursive: true })
      if (!mount(directory, bytes)) throw new Error(`Cannot mount a disk at "${directory}"`)
      return {
        fill: Effect.sync(() => fill(filler)),
        makeRoom: Effect.sync(() => rmSync(filler, { force: true }))
      }
    }),
    () => Effect.sync(() => unmount(directory))
  )
}

/** Whether to go without the tests that need one, for `describe.skipIf`; if so, it says so. */
export function withoutSmallDisk(): boolean {
  const probe = mkdtempSync(join(tmpdir(), "cm-disk-"))
  try {
    const isThere = mount(probe, 65_536)
    if (isThere) unmount(probe)
    if (!isThere) {
      Effect.runSync(Effect.logWarning("This user may not mount: tests of a full disk do not run"))
    }
    return !isThere
  } finally {
    rmdirSync(probe)
  }
}

function mount(directory: string, bytes: number): boolean {
  const options = ["-t", "tmpfs", "-o", `size=${bytes}`, "claudemesh-test", directory]
  return spawnSync("mount", options, { stdio: "ignore" }).status === 0
}

/** Lazily: a process that is just ending may still have a file open. */
function unmount(directory: string): void {
  spawnSync("umount", ["--lazy", directory], { stdio: "ignore" })
}

function fill(path: string): void {
  const file = openSync(path, "a")
  try {
    for (const piece of [65_536, 4_096, 1]) writeUntilFull(file, new Uint8Array(piece))
  } finally {
    closeSync(file)
  }
}

function writeUntilFull(file: number, piece: Uint8Array): void {
  try {
    while (writeSync(file, piece) === piece.length);
  } catch {
    // No space is left: that is the point.
  }
}
