/**
 * Replaces a file of the home in one step, for its user alone: whoever reads it, and however many write it at a
 * time, as a row of launches does, it is whole.
 *
 * @module
 */
import { Effect, FileSystem } from "effect"
import { uuidV4Unsafe } from "effect/crypto/SecureRandom"

/** What is to be there; `isProgram` says that it is run. */
export interface ReplacedFile {
  readonly text: string
  readonly isProgram?: boolean
}

/** Puts the text in the place of what is there; the last one holds. */
export const replaceFile = Effect.fn("replaceFile")(function*(
  path: string,
  { isProgram = false, text }: ReplacedFile
) {
  const fs = yield* FileSystem.FileSystem
  // Two that share a draft would take it from each other.
  const draft = `${path}.${uuidV4Unsafe()}.new`
  yield* fs.writeFileString(draft, text, { flag: "wx", mode: isProgram ? 0o700 : 0o600 }).pipe(
    Effect.andThen(fs.rename(draft, path)),
    Effect.tapError(() => Effect.ignore(fs.remove(draft, { force: true })))
  )
})
