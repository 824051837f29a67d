/**
 * Knows places where a database would not stay whole: file systems of other machines, whose locks do
 * not hold, and folders that a program copies elsewhere while they change.
 *
 * It knows the common ones, not all.
 *
 * @module
 */
import { Effect, FileSystem, type PlatformError } from "effect"
// oxlint-disable-next-line effecttsgo/node-builtin-import -- Effect's FileSystem does not tell kinds of file systems
import { statfsSync } from "node:fs"

/** Linux's numbers of file systems that another machine keeps, from `statfs(2)`. */
const REMOTE_FILE_SYSTEMS: ReadonlyMap<number, string> = new Map([
  [0x6969, "NFS"],
  [0x517b, "SMB"],
  [0xfe534d42, "SMB"],
  [0xff534d42, "CIFS"],
  [0x5346414f, "AFS"],
  [0x00c36400, "Ceph"],
  [0x01021997, "9P"]
])

/** Folders that programs keep in step with other machines, as their paths name them. */
const SYNCED_FOLDER =
  /\/(Dropbox|OneDrive|Google ?Drive|Nextcloud|iCloud ?Drive|Mobile Documents|CloudStorage)\b[^/]*(\/|$)/

/** Why a database must not be kept in that directory; nothing where it may. */
export const unsafePlace: (
  directory: string
) => Effect.Effect<string | undefined, PlatformError.PlatformError, FileSystem.FileSystem> = Effect
  .fn("unsafePlace")(function*(directory) {
    const fs = yield* FileSystem.FileSystem
    const path = yield* fs.realPath(directory)
    return syncedFolder(path) ?? (yield* Effect.sync(() => remoteFileSystem(statfsSync(path).type)))
  })

/** Whether a path without links leads through a folder that is kept in step elsewhere. */
export function syncedFolder(path: string): string | undefined {
  const name = SYNCED_FOLDER.exec(path)?.[1]
  return name === undefined
    ? undefined
    : `it lies in "${name}", which is copied elsewhere while it changes`
}

/** Whether a file system is another machine's; only Linux numbers them in one way. */
export function remoteFileSystem(
  type: number,
  platform: string = process.platform
): string | undefined {
  const name = platform === "linux" ? REMOTE_FILE_SYSTEMS.get(type) : undefined
  return name === undefined
    ? undefined
    : `it lies on another machine's file system (${name}), where locks do not hold`
}
