/**
 * Remembers what an installation wrote, and what was there before: all that it takes to undo it.
 *
 * It is written before the first file is touched, so that an installation that broke off can be undone too.
 *
 * @module
 */
import { type Refused, refused } from "@claudemesh/protocol/errors"
import { Effect, FileSystem, Option, Schema } from "effect"
import { systemReason, writePrivate } from "../private_file.ts"
import { StatusLineEntry } from "./status_line.ts"

/** One file of an installation. */
export const InstalledFile = Schema.Struct({
  path: Schema.String,
  /** Of what we wrote. */
  sha256: Schema.String,
  /** Of what we wrote before that, where an update broke off: that may be there still. */
  earlier: Schema.optionalKey(Schema.String),
  /** What was there before the first installation; absent, there was no file. */
  before: Schema.optionalKey(Schema.Struct({ base64: Schema.String, mode: Schema.Int })),
  /** Our entry, where the file is Claude Code's settings. */
  status_line: Schema.optionalKey(StatusLineEntry)
})
export type InstalledFile = typeof InstalledFile.Type

/** What is installed. */
export const Manifest = Schema.Struct({
  version: Schema.Literal(1),
  /** Directories that were made, the outermost first. */
  directories: Schema.Array(Schema.String),
  files: Schema.Array(InstalledFile)
})
export type Manifest = typeof Manifest.Type

const ManifestText = Schema.fromJsonString(Manifest)

/** Nothing is installed. */
export const NOTHING: Manifest = { version: 1, directories: [], files: [] }

/** Where the manifest of a home is. */
export function manifestIn(home: string): string {
  return `${home}/data/install.json`
}

/** The manifest of a home; none where nothing is installed. */
export const readManifest = Effect.fn("readManifest")(function*(home: string) {
  const fs = yield* FileSystem.FileSystem
  const path = manifestIn(home)
  const text = yield* fs.readFileString(path).pipe(
    Effect.asSome,
    Effect.catchIf(({ reason }) => reason._tag === "NotFound", () => Effect.succeedNone),
    Effect.mapError((error) =>
      refused("home_unusable", `Cannot read "${path}": ${systemReason(error)}`)
    )
  )
  if (Option.isNone(text)) return NOTHING
  return yield* Schema.decodeEffect(ManifestText)(text.value).pipe(
    Effect.mapError(() =>
      refused(
        "home_unusable",
        `Cannot read "${path}": it is no manifest of this version; remove it, and what it names, by hand`
      )
    )
  )
})

/** Writes it; only its user may read it, as it holds what was in files of theirs. */
export const writeManifest = Effect.fn("writeManifest")(
  function*(home: string, manifest: Manifest) {
    const text = yield* Effect.orDie(Schema.encodeEffect(ManifestText)(manifest))
    const path = manifestIn(home)
    yield* Effect.mapError(
      writePrivate(path, `${text}\n`),
      (error): Refused => refused("home_unusable", `Cannot write "${path}": ${systemReason(error)}`)
    )
  }
)
