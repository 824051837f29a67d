/**
 * Undoes an installation: every file is what it was before, and what we made is gone.
 *
 * A file that was changed by hand since is kept, and stays known, so that it can be taken away later. Of
 * settings that were changed since, only our entry is undone.
 *
 * @module
 */
import { Effect, Option } from "effect"
import { changeOf, type FileChange, isText, textOf } from "./file_change.ts"
import { type InstalledFile, manifestIn, NOTHING, readManifest, writeManifest } from "./manifest.ts"
import {
  digestOf,
  lookAtFile,
  type PlacedFile,
  placeFile,
  removeEmpty,
  removeFile
} from "./placed_file.ts"
import { unwrapStatusLine } from "./status_line.ts"

/** Which installation to undo, and how. */
export interface UninstallRequest {
  readonly home: string
  /** Whether what was changed by hand goes too. */
  readonly force: boolean
  /** Only says what would be done. */
  readonly dryRun: boolean
}

/** Undoes what is installed; answers with what became of each file. */
export const uninstall = Effect.fn("uninstall")(function*(request: UninstallRequest) {
  const { dryRun, home } = request
  const known = yield* readManifest(home)
  const steps = yield* Effect.forEach(known.files, (file) => undoStep(file, request))
  const changes = steps.map(({ change }) => change)
  if (dryRun || known === NOTHING) return changes
  for (const { after, change } of steps) {
    if (change.change === "removed") yield* removeFile(change.path)
    if (change.change === "changed" && Option.isSome(after)) {
      yield* placeFile(change.path, after.value.bytes, after.value.mode)
    }
  }
  const kept = steps.filter(({ change }) => change.change === "kept").map(({ file }) => file)
  const left = yield* removeEmpty(known.directories.filter((path) => !isAround(path, home)))
  if (kept.length > 0) {
    const directories = known.directories.filter((path) =>
      left.includes(path) || isAround(path, home)
    )
    yield* writeManifest(home, { ...known, directories, files: kept })
    return changes
  }
  yield* removeFile(manifestIn(home))
  yield* removeEmpty(known.directories)
  return changes
})

/** What is to be in a file's place, and what that means. */
interface UndoStep {
  readonly file: InstalledFile
  readonly change: FileChange
  readonly after: Option.Option<PlacedFile>
}

const undoStep = Effect.fnUntraced(function*(file: InstalledFile, { force }: UninstallRequest) {
  const there = yield* lookAtFile(file.path)
  const before = beforeOf(file)
  const target = targetOf(file, { there, before, force })
  const step: UndoStep = {
    file,
    after: target ?? there,
    change: target === undefined
      ? { path: file.path, change: "kept", diff: "" }
      : changeOf(file.path, there, Option.map(target, ({ bytes }) => bytes))
  }
  return step
})

/** What is to be there; undefined where what is there was changed by hand, and stays. */
function targetOf(
  { earlier, sha256, status_line }: InstalledFile,
  { before, force, there }: {
    readonly there: Option.Option<PlacedFile>
    readonly before: Option.Option<PlacedFile>
    readonly force: boolean
  }
): Option.Option<PlacedFile> | undefined {
  if (Option.isNone(there)) return there
  const { bytes, mode } = there.value
  const digest = digestOf(bytes)
  if (digest === sha256 || digest === earlier) return before
  if (Option.exists(before, ({ bytes }) => digestOf(bytes) === digest)) return there
  if (status_line !== undefined && isText(bytes)) {
    const text = unwrapStatusLine(textOf(bytes), status_line)
    return Option.some({ bytes: new TextEncoder().encode(text), mode })
  }
  return force ? before : undefined
}

function beforeOf({ before }: InstalledFile): Option.Option<PlacedFile> {
  return Option.map(
    Option.fromUndefinedOr(before),
    ({ base64, mode }) => ({ bytes: Buffer.from(base64, "base64"), mode })
  )
}

/** Whether a directory holds the manifest, or a directory that does. */
function isAround(path: string, home: string): boolean {
  return manifestIn(home).startsWith(`${path}/`)
}
