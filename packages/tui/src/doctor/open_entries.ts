/**
 * Finds what of a home others than its user could use, and closes it.
 *
 * @module
 */
import { Effect, FileSystem, Option } from "effect"

/** Something in a home that is not its user's alone. */
export interface OpenEntry {
  readonly path: string
  readonly fault: "owner" | "mode"
  /** The mode that it should have. */
  readonly mode: number
}

/** Directories of a home that hold only what is their user's, with all that is in them. */
const WHOLE = ["keys", "run", "log"]

/** How deep and how much is looked at; a home of ours has less. */
const DEPTH_MAX = 3
const ENTRIES_MAX = 5_000
const OTHERS = 0o077

/** What is open, the outermost first; links are left alone, as nothing of ours is one. */
export const openEntries = Effect.fn("openEntries")(function*(home: string) {
  const fs = yield* FileSystem.FileSystem
  const whole = yield* Effect.forEach(WHOLE, (name) => pathsIn(`${home}/${name}`, DEPTH_MAX))
  const data = yield* Effect.orElseSucceed(fs.readDirectory(`${home}/data`), () => [])
  const paths = [...whole.flat(), `${home}/data`, ...data.map((name) => `${home}/data/${name}`)]
  const found = yield* Effect.forEach(paths.slice(0, ENTRIES_MAX), openEntry, { concurrency: 16 })
  return found.flat()
})

/** Takes from others what they must not have; what has become a link meanwhile stays as it is. */
export const closeEntry = Effect.fn("closeEntry")(function*({ mode, path }: OpenEntry) {
  const fs = yield* FileSystem.FileSystem
  const { type } = yield* fs.lstat(path)
  if (type === "File" || type === "Directory" || type === "Socket") yield* fs.chmod(path, mode)
})

const pathsIn: (
  path: string,
  depth: number
) => Effect.Effect<ReadonlyArray<string>, never, FileSystem.FileSystem> = Effect.fnUntraced(
  function*(path, depth) {
    const fs = yield* FileSystem.FileSystem
    if (depth === 0) return [path]
    const isLink = yield* fs.lstat(path).pipe(
      Effect.map(({ type }) => type !== "Directory"),
      Effect.orElseSucceed(() => true)
    )
    if (isLink) return [path]
    const names = yield* Effect.orElseSucceed(fs.readDirectory(path), () => [])
    const below = yield* Effect.forEach(names, (name) => pathsIn(`${path}/${name}`, depth - 1))
    return [path, ...below.flat()]
  }
)

const openEntry = Effect.fnUntraced(function*(path: string) {
  const fs = yield* FileSystem.FileSystem
  const info = Option.getOrUndefined(yield* Effect.option(fs.lstat(path)))
  if (info === undefined || info.type === "SymbolicLink") return []
  const mode = info.type === "Directory" ? 0o700 : 0o600
  const uid = process.geteuid?.()
  if (uid !== undefined && Option.getOrUndefined(info.uid) !== uid) {
    return [{ path, mode, fault: "owner" } satisfies OpenEntry]
  }
  return (info.mode & OTHERS) === 0 ? [] : [{ path, mode, fault: "mode" } satisfies OpenEntry]
})
