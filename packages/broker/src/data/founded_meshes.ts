/**
 * Remembers beside the database which meshes were founded here, so that one that the database lost may be given back
 * without the first-admin code.
 *
 * A file of ids, one a line. An operator who begins with a new directory may write one into it.
 *
 * @module
 */
import type { MeshId } from "@claudemesh/protocol"
import { Effect, FileSystem, Path } from "effect"

/** The name of the file, which a refusal tells the operator. */
export const FOUNDED_MESHES_FILE = "founded_meshes"

/** The meshes of one data directory. */
export interface FoundedMeshes {
  readonly has: (mesh: MeshId) => Effect.Effect<boolean>
  /** Adds it, if it is not there. */
  readonly add: (mesh: MeshId) => Effect.Effect<void>
}

/** Reads the file anew whenever it is asked: seldom, and an operator may have written into it. */
export const foundedMeshes = Effect.fnUntraced(
  function*(directory: string): Effect.fn.Return<
    FoundedMeshes,
    never,
    FileSystem.FileSystem | Path.Path
  > {
    const files = yield* FileSystem.FileSystem
    const file = (yield* Path.Path).join(directory, FOUNDED_MESHES_FILE)

    function has(mesh: MeshId) {
      return files.readFileString(file).pipe(
        Effect.map((text) => text.split(/\s+/).includes(mesh)),
        Effect.orElseSucceed(() => false)
      )
    }

    const add = Effect.fnUntraced(function*(mesh: MeshId) {
      if (yield* has(mesh)) return
      // On a line of its own, even after one that was written by hand.
      yield* files.writeFileString(file, `\n${mesh}\n`, { flag: "a", mode: 0o600 }).pipe(
        // The mesh is founded all the same; it would only want the code again.
        Effect.ignore({ log: "Warn" })
      )
    })

    return { has, add }
  }
)
