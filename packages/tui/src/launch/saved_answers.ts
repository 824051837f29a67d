/**
 * What was answered in a directory the last time, kept in the home so that nobody is asked twice.
 *
 * Names and choices, never a secret. A file that cannot be read is as good as none: whoever loses it is
 * asked again.
 *
 * @module
 */
import { Clock, Effect, FileSystem, Option, Schema } from "effect"
import type { Answers } from "./flow.ts"
import { replaceFile } from "./replaced_file.ts"

/** Directories beyond that are forgotten, the longest unused first. */
const DIRECTORIES_MAX = 200

const Saved = Schema.Struct({
  at: Schema.Int,
  /** The newest session, where it was named by us. */
  session: Schema.optionalKey(Schema.String),
  mesh: Schema.optionalKey(Schema.String),
  name: Schema.optionalKey(Schema.String),
  role: Schema.optionalKey(Schema.String),
  groups: Schema.optionalKey(Schema.String),
  mode: Schema.optionalKey(Schema.String),
  caps: Schema.optionalKey(Schema.String)
})
type Saved = typeof Saved.Type

const File = Schema.Struct({ directories: Schema.Record(Schema.String, Saved) })
const FileText = Schema.fromJsonString(File)

/** Where they are in a home. */
export function savedIn(home: string): string {
  return `${home}/launch.json`
}

/** What was answered in the directory; nothing where nobody was there before. */
export const savedAnswers = Effect.fn("savedAnswers")(function*(home: string, directory: string) {
  return Option.fromUndefinedOr((yield* readSaved(home))[directory])
})

/** Keeps the answers of a directory; where that fails, the next launch asks again. */
export const saveAnswers = Effect.fn("saveAnswers")(function*(
  home: string,
  directory: string,
  { session, ...answers }: Answers & { readonly session?: string | undefined }
) {
  const { confirm: _, ...kept } = answers
  const at = yield* Clock.currentTimeMillis
  const before = Object.entries(yield* readSaved(home)).filter(([path]) => path !== directory)
  const latest = before
    .toSorted(([, one], [, other]) => other.at - one.at)
    .slice(0, DIRECTORIES_MAX - 1)
  const saved: Saved = { at, ...kept, ...(session !== undefined && { session }) }
  const directories = Object.fromEntries([[directory, saved], ...latest])
  yield* Schema.encodeEffect(FileText)({ directories }).pipe(
    Effect.flatMap((text) => replaceFile(savedIn(home), { text })),
    Effect.ignore
  )
})

const readSaved = Effect.fnUntraced(function*(home: string) {
  const fs = yield* FileSystem.FileSystem
  return yield* fs.readFileString(savedIn(home)).pipe(
    Effect.flatMap(Schema.decodeEffect(FileText)),
    Effect.map(({ directories }) => directories),
    Effect.orElseSucceed((): typeof File.Type["directories"] => ({}))
  )
})
