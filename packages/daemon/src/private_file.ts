/**
 * Judges files and directories that must be their user's alone, and writes such files.
 *
 * @module
 */
import { Effect, FileSystem, Option, type PlatformError, Predicate } from "effect"

/** What a file system entry should be. */
export interface Wanted {
  readonly type: "File" | "Directory" | "Socket"
  /** The user it must belong to; undefined where the system has no such thing. */
  readonly uid: number | undefined
}

/** Why an entry must not be trusted, and what a person types to mend it. */
export interface Fault {
  readonly reason: string
  readonly fix: string
}

/** Permission bits of anybody but the owner. */
const OTHERS = 0o077

const TYPE_NAMES: Partial<Record<FileSystem.File.Type, string>> = {
  File: "a file",
  Directory: "a directory",
  Socket: "a socket",
  SymbolicLink: "a symbolic link",
  FIFO: "a pipe"
}

/** The user this process acts for; undefined where the system has no such thing. */
export function ownUid(): number | undefined {
  return process.geteuid?.()
}

/** What is wrong with an entry's kind or owner; `info` comes from `lstat`, so that a link shows as one. */
export function trustFault(
  path: string,
  info: FileSystem.File.Info,
  wanted: Wanted
): Fault | undefined {
  if (info.type !== wanted.type) {
    const found = TYPE_NAMES[info.type] ?? "something else"
    return {
      reason: `it is ${found}, not ${TYPE_NAMES[wanted.type]}`,
      fix: `put ${TYPE_NAMES[wanted.type]} of yours there, or move '${path}' away`
    }
  }
  const owner = Option.getOrUndefined(info.uid)
  if (wanted.uid !== undefined && owner !== wanted.uid) {
    return {
      reason: `it belongs to user ${owner}, not to you (${wanted.uid})`,
      fix: `chown ${wanted.uid} '${path}'`
    }
  }
  return undefined
}

/** Whether others than the owner may do anything with it. */
export function isOpenToOthers(info: FileSystem.File.Info): boolean {
  return (info.mode & OTHERS) !== 0
}

/** What the system said, in its words: `EACCES: permission denied, open '/x'`. */
export function systemReason(error: PlatformError.PlatformError): string {
  return Predicate.isError(error.reason.cause) ? error.reason.cause.message : error.message
}

/**
 * Writes a file of mode 0600 in one step: a crash leaves the old content or the new, on disk.
 *
 * Two that write one path at a time must take turns.
 */
export const writePrivate = Effect.fn("writePrivate")(function*(path: string, text: string) {
  const fs = yield* FileSystem.FileSystem
  const draft = `${path}.new`
  // What a crash left behind; creating must be exclusive, so that nobody can have put a link there.
  yield* fs.remove(draft, { force: true })
  yield* Effect.scoped(Effect.gen(function*() {
    const file = yield* fs.open(draft, { flag: "wx", mode: 0o600 })
    yield* file.writeAll(new TextEncoder().encode(text))
    yield* file.sync
  }))
  yield* fs.rename(draft, path)
  yield* syncDirectoryOf(path)
})

/** Makes what was created, renamed or removed beside a path survive a power cut. */
export const syncDirectoryOf = Effect.fn("syncDirectoryOf")(function*(path: string) {
  const fs = yield* FileSystem.FileSystem
  yield* Effect.scoped(Effect.flatMap(fs.open(directoryOf(path)), (opened) => opened.sync))
})

/**
 * Makes a directory of mode 0700 and those above it, where there are none.
 *
 * Node's own `recursive` never returns where the system answers that the new one does not exist, as
 * it does in `/proc`.
 */
export function makeDirectories(
  path: string
): Effect.Effect<void, PlatformError.PlatformError, FileSystem.FileSystem> {
  const make = FileSystem.FileSystem.use((fs) => fs.makeDirectory(path, { mode: 0o700 }))
  return make.pipe(
    Effect.catchIf(
      ({ reason }) => reason._tag === "NotFound",
      () => Effect.andThen(makeDirectories(directoryOf(path)), make)
    ),
    Effect.catchIf(({ reason }) => reason._tag === "AlreadyExists", () => Effect.void)
  )
}

/** The directory that holds what an absolute path names. */
export function directoryOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/")) || "/"
}
