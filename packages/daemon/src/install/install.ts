/**
 * Installs the plugin for Claude Code: first says what it would touch, then does just that.
 *
 * Installed again it updates, and what was there before the first time stays known. What is somebody
 * else's, or was changed by hand, is never overwritten unasked.
 *
 * @module
 */
import { refused } from "@claudemesh/protocol/errors"
import { Effect, FileSystem, Option } from "effect"
import { directoryOf } from "../private_file.ts"
import { changeOf, type FileChange, isText, textOf } from "./file_change.ts"
import {
  type InstalledFile,
  type Manifest,
  manifestIn,
  readManifest,
  writeManifest
} from "./manifest.ts"
import {
  digestOf,
  lookAtFile,
  makeEach,
  missingDirectories,
  or,
  type PlacedFile,
  placeFile,
  removeFile,
  unusable
} from "./placed_file.ts"
import { refuseForeign } from "./plugin_folder.ts"
import { MONITORS_FILE, PLUGIN_NAME, pluginFiles, type PluginParts } from "./plugin_files.ts"
import { notUtf8, unwrapStatusLine, wrapStatusLine } from "./status_line.ts"

/** What to install, and where. */
export interface InstallRequest {
  /** Claude Code's own directory. */
  readonly config: string
  /** Our home. */
  readonly home: string
  readonly plugin: PluginParts
  /** Whether Claude Code's status line is to show ours too. */
  readonly statusLine: boolean
  /** Whether what was changed by hand is overwritten. */
  readonly force: boolean
}

/** What is going to be done to one file. */
interface Step extends FileChange {
  readonly bytes: Option.Option<Uint8Array>
  readonly mode: number | undefined
  /** How it is undone; absent, there is nothing left to undo. */
  readonly installed: InstalledFile | undefined
}

/** What an installation would do. */
export interface InstallPlan {
  readonly home: string
  readonly changes: ReadonlyArray<FileChange>
  readonly steps: ReadonlyArray<Step>
  readonly manifest: Manifest
  /** The manifest as long as it is under way: of each file, what may be there is known. */
  readonly begun: Manifest
  /** Directories to make: those of our home, and those of the client. */
  readonly homeDirectories: ReadonlyArray<string>
  readonly directories: ReadonlyArray<string>
}

/** Says what installing would do, and refuses what it must not; writes nothing. */
export const planInstall = Effect.fn("planInstall")(function*(request: InstallRequest) {
  const { config, home, plugin } = request
  const known = yield* readManifest(home)
  const folder = `${config}/skills/${PLUGIN_NAME}`
  // As the status line: what was asked for once stays until it is uninstalled.
  const monitor = plugin.monitor === true ||
    known.files.some(({ path }) => path === `${folder}/${MONITORS_FILE}`)
  const files = [...pluginFiles({ ...plugin, monitor })].map(
    ([name, text]) => [`${folder}/${name}`, text] as const
  )
  yield* refuseForeign(folder, files.map(([path]) => path), known)
  const wanted = yield* Effect.forEach(
    files,
    ([path, text]) => stepFor(request, known, { path, text })
  )
  const dropped = known.files.filter(({ path }) =>
    path.startsWith(`${folder}/`) && !files.some(([name]) => name === path)
  )
  const gone = yield* Effect.forEach(dropped, dropStep)
  const settings = yield* settingsSteps(request, known)
  const steps = [...wanted, ...gone, ...settings]
  const homeDirectories = yield* missingDirectories(directoryOf(manifestIn(home)))
  const directories = yield* directoriesFor(steps)
  const touched = new Set(steps.map(({ path }) => path))
  const manifest: Manifest = {
    version: 1,
    directories: [...new Set([...known.directories, ...homeDirectories, ...directories])],
    files: [
      ...known.files.filter(({ path }) => !touched.has(path)),
      ...steps.flatMap(({ installed }) => installed === undefined ? [] : [installed])
    ]
  }
  return {
    home,
    steps,
    changes: steps,
    homeDirectories,
    directories,
    manifest,
    begun: begunFrom(known, manifest)
  } satisfies InstallPlan
})

/** Does what was planned. Should it break off, what it did can be undone. */
export const applyInstall = Effect.fn("applyInstall")(function*(plan: InstallPlan) {
  const { begun, directories, home, homeDirectories, manifest, steps } = plan
  yield* makeEach(homeDirectories, 0o700)
  yield* writeManifest(home, begun)
  yield* makeEach(directories)
  for (const { bytes, change, mode, path } of steps) {
    if (change === "removed") yield* removeFile(path)
    else if (Option.isSome(bytes) && change !== "unchanged" && change !== "kept") {
      yield* placeFile(path, bytes.value, mode)
    }
  }
  yield* writeManifest(home, manifest)
})

/** An update may break off before a file is replaced or removed: what was installed before is ours as well. */
function begunFrom(known: Manifest, manifest: Manifest): Manifest {
  const earlier = new Map(known.files.map((file) => [file.path, file]))
  const paths = new Set(manifest.files.map(({ path }) => path))
  return {
    ...manifest,
    files: [
      ...manifest.files.map((file) => {
        const sha256 = earlier.get(file.path)?.sha256
        return sha256 === undefined || sha256 === file.sha256 ? file : { ...file, earlier: sha256 }
      }),
      ...known.files.filter(({ path }) => !paths.has(path))
    ]
  }
}

/** A file of the plugin. */
const stepFor = Effect.fnUntraced(function*(
  { force }: InstallRequest,
  known: Manifest,
  { path, text }: { readonly path: string; readonly text: string }
) {
  const there = yield* lookAtFile(path)
  const entry = known.files.find((file) => file.path === path)
  const bytes = new TextEncoder().encode(text)
  const sha256 = digestOf(bytes)
  const isOurs = Option.match(there, {
    onNone: () => true,
    onSome: ({ bytes }) => [entry?.sha256, entry?.earlier, sha256].includes(digestOf(bytes))
  })
  if (!isOurs && !force) {
    return yield* refused("changed_by_hand", `Cannot update "${path}": it was changed by hand`)
  }
  const step: Step = {
    ...changeOf(path, there, Option.some(bytes)),
    bytes: Option.some(bytes),
    mode: Option.getOrUndefined(there)?.mode,
    installed: { path, sha256, ...(entry?.before !== undefined && { before: entry.before }) }
  }
  return step
})

/** A file of an older version, which this one does not have. */
const dropStep = Effect.fnUntraced(function*(entry: InstalledFile) {
  const { earlier, path, sha256 } = entry
  const there = yield* lookAtFile(path)
  const isOurs = Option.match(there, {
    onNone: () => true,
    onSome: ({ bytes }) => [sha256, earlier].includes(digestOf(bytes))
  })
  const step: Step = {
    ...changeOf(path, there, Option.none()),
    ...(!isOurs && { change: "kept" as const }),
    bytes: Option.none(),
    mode: undefined,
    installed: isOurs ? undefined : entry
  }
  return step
})

/** The settings, where the status line is asked for, or was. */
const settingsSteps = Effect.fnUntraced(function*(request: InstallRequest, known: Manifest) {
  const path = yield* realPath(`${request.config}/settings.json`)
  const entry = known.files.find((file) => file.path === path)
  if (!request.statusLine && entry?.status_line === undefined) return []
  const there = yield* lookAtFile(path)
  if (Option.exists(there, ({ bytes }) => !isText(bytes))) {
    return yield* Effect.fromResult(notUtf8(path, request.plugin.executable))
  }
  const clean = cleanSettings(there, entry)
  const { entry: written, text } = yield* Effect.fromResult(
    wrapStatusLine(path, clean.text, request.plugin.executable)
  )
  const bytes = new TextEncoder().encode(text)
  const step: Step = {
    ...changeOf(path, there, Option.some(bytes)),
    bytes: Option.some(bytes),
    mode: Option.getOrUndefined(there)?.mode,
    installed: { path, sha256: digestOf(bytes), ...clean.before, status_line: written }
  }
  return [step]
})

/** The settings without our entry, and what is to be there once it is gone. */
function cleanSettings(there: Option.Option<PlacedFile>, entry: InstalledFile | undefined) {
  if (Option.isNone(there)) return { text: undefined, before: {} }
  const { bytes, mode } = there.value
  const text = textOf(bytes)
  const isAsWritten = entry !== undefined &&
    [entry.sha256, entry.earlier].includes(digestOf(bytes))
  if (isAsWritten) {
    const { before } = entry
    return before === undefined
      ? { text: undefined, before: {} }
      : { text: textOf(Buffer.from(before.base64, "base64")), before: { before } }
  }
  const clean = entry?.status_line === undefined ? text : unwrapStatusLine(text, entry.status_line)
  return {
    text: clean,
    before: { before: { base64: Buffer.from(clean).toString("base64"), mode } }
  }
}

/** Where a file really is: people keep their settings elsewhere and link to them. */
const realPath = Effect.fnUntraced(function*(path: string) {
  const fs = yield* FileSystem.FileSystem
  if (yield* or(path, fs.exists(path))) return yield* or(path, fs.realPath(path))
  const target = yield* Effect.option(fs.readLink(path))
  if (Option.isNone(target)) return path
  return yield* unusable(
    path,
    `it is a symbolic link to "${target.value}", which is not there; make that file, or remove the link`
  )
})

/** The directories that the steps need and that are not there. */
const directoriesFor = Effect.fnUntraced(function*(steps: ReadonlyArray<Step>) {
  const needed = new Set(
    steps.filter(({ change }) => change === "created").map(({ path }) => directoryOf(path))
  )
  const missing = yield* Effect.forEach(needed, missingDirectories)
  return [...new Set(missing.flat())]
})
