/**
 * Gives a test a directory that goes with its scope.
 *
 * @module
 */
import { NodeFileSystem } from "@effect/platform-node"
import { Effect, FileSystem, type Scope } from "effect"

/** An empty directory, removed with the scope. */
export const temporaryDirectory: Effect.Effect<string, never, Scope.Scope> = FileSystem.FileSystem
  .use((files) => files.makeTempDirectoryScoped({ prefix: "claudemesh-broker-" })).pipe(
    Effect.orDie,
    Effect.provide(NodeFileSystem.layer)
  )
