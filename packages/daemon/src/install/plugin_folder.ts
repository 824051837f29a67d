/**
 * Refuses a folder for the plugin that is not ours to write.
 *
 * @module
 */
import { refused } from "@claudemesh/protocol/errors"
import { Effect, FileSystem, Option } from "effect"
import type { Manifest } from "./manifest.ts"
import { or, unusable } from "./placed_file.ts"

/** Refuses a link in the place of the folder, and a folder or a file in it that somebody else put there. */
export const refuseForeign = Effect.fn("refuseForeign")(
  function*(folder: string, paths: ReadonlyArray<string>, known: Manifest) {
    const fs = yield* FileSystem.FileSystem
    const info = yield* or(
      folder,
      fs.lstat(folder).pipe(
        Effect.asSome,
        Effect.catchIf(({ reason }) => reason._tag === "NotFound", () => Effect.succeedNone)
      )
    )
    if (Option.isNone(info)) return
    if (info.value.type === "SymbolicLink") {
      const target = yield* or(folder, fs.readLink(folder))
      return yield* unusable(folder, `it is a symbolic link to "${target}"; remove the link`)
    }
    if (info.value.type !== "Directory") return yield* unusable(folder, "it is no directory")
    const ours = new Set(known.files.map(({ path }) => path))
    const names = yield* or(folder, fs.readDirectory(folder))
    const isKnown = [...ours].some((path) => path.startsWith(`${folder}/`))
    if (names.length > 0 && !isKnown) {
      return yield* refused(
        "plugin_foreign",
        `Cannot install into "${folder}": it is there already, and not by claudemesh install`
      )
    }
    for (const path of paths) {
      if (!ours.has(path) && (yield* or(path, fs.exists(path)))) {
        return yield* refused(
          "plugin_foreign",
          `Cannot write "${path}": it is there already, and not by claudemesh install`
        )
      }
    }
  }
)
