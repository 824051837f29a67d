/**
 * Looks at files beside an agent's client, writes and removes them; what stands in the way is said in a sentence.
 *
 * @module
 */
import { type Refused, refused } from "@claudemesh/protocol/errors"
import { Effect, FileSystem, Option, type PlatformError } from "effect"
// oxlint-disable-next-line effecttsgo/node-builtin-import -- a digest is a function, and needs no layer
import { createHash } from "node:crypto"
import { directoryOf, systemReason } from "../private_file.ts"

/** What is in a file, and who may do what with it. */
export interface PlacedFile {
  readonly bytes: Uint8Array
  readonly mode: number
}

/** The digest by which a file is recognized. */
export function digestOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex")
}

/** What is there; nothing where nothing is. */
export const lookAtFile = Effect.fn("lookAtFile")(function*(path: string) {
  const fs = yield* FileSystem.FileSystem
  return yield* or(
    path,
    Effect.gen(function*() {
      const { mode } = yield* fs.stat(path)
      const file: PlacedFile = { bytes: yield* fs.readFile(path), mode: mode & 0o7777 }
      return Option.some(file)
    }).pipe(
      Effect.catchIf(({ reason }) => reason._tag === "NotFound", () => Effect.succeedNone)
    )
  )
})

/** Replaces a file in one step; a new one is as open as the user makes files. */
export const placeFile = Effect.fn("placeFile")(
  function*(path: string, bytes: Uint8Array, mode: number | undefined) {
    const fs = yield* FileSystem.FileSystem
    const draft = `${path}.claudemesh-new`
    const write = Effect.gen(function*() {
      yield* fs.remove(draft, { force: true })
      yield* fs.writeFile(draft, bytes, { flag: "wx" })
      if (mode !== undefined) yield* fs.chmod(draft, mode)
      yield* fs.rename(draft, path)
    })
    yield* or(path, Effect.tapError(write, () => Effect.ignore(fs.remove(draft, { force: true }))))
  }
)

/** Removes a file. */
export const removeFile = Effect.fn("removeFile")(function*(path: string) {
  yield* or(path, FileSystem.FileSystem.use((fs) => fs.remove(path, { force: true })))
})

/** The directories that have to be made for that one to be there, the outermost first. */
export const missingDirectories = Effect.fn("missingDirectories")(function*(directory: string) {
  const fs = yield* FileSystem.FileSystem
  const missing: Array<string> = []
  let at = directory
  while (!(yield* or(at, fs.exists(at)))) {
    missing.unshift(at)
    at = directoryOf(at)
  }
  yield* or(at, fs.access(at, { writable: true }))
  const { type } = yield* or(at, fs.stat(at))
  if (type !== "Directory") return yield* unusable(at, "it is no directory")
  return missing
})

/** Makes directories, the outermost first. */
export const makeEach = Effect.fn("makeEach")(
  function*(directories: ReadonlyArray<string>, mode?: number) {
    const fs = yield* FileSystem.FileSystem
    for (const path of directories) {
      yield* or(path, fs.makeDirectory(path, mode === undefined ? {} : { mode }))
    }
  }
)

/** Removes those of them that are empty, the innermost first; answers with those that stay. */
export const removeEmpty = Effect.fn("removeEmpty")(function*(directories: ReadonlyArray<string>) {
  const fs = yield* FileSystem.FileSystem
  const left: Array<string> = []
  for (const path of directories.toReversed()) {
    const isEmpty = yield* fs.readDirectory(path).pipe(
      Effect.map((names) => names.length === 0),
      Effect.orElseSucceed(() => undefined)
    )
    if (isEmpty === true) yield* or(path, fs.remove(path, { recursive: true }))
    if (isEmpty === false) left.unshift(path)
  }
  return left
})

/** Refuses with what the system said of a path. */
export function or<A, R>(
  path: string,
  effect: Effect.Effect<A, PlatformError.PlatformError, R>
): Effect.Effect<A, Refused, R> {
  return Effect.catch(effect, (error) => unusable(path, systemReason(error)))
}

/** The refusal that a place cannot be used. */
export function unusable(path: string, why: string): Effect.Effect<never, Refused> {
  return Effect.fail(refused("plugin_place_unusable", `Cannot use "${path}": ${why}`))
}
