/**
 * Gives a test a home of its own, and a random source that is the same in each run.
 *
 * @module
 */
import { NodeFileSystem } from "@effect/platform-node"
import type { Refused } from "@claudemesh/protocol/errors"
import { Effect, FileSystem, Layer, type PlatformError, type Scope } from "effect"
import { Home } from "../home.ts"

/** An empty directory, removed with the scope. */
export const temporaryDirectory: Effect.Effect<string, PlatformError.PlatformError, Scope.Scope> =
  FileSystem.FileSystem.use((fs) => fs.makeTempDirectoryScoped({ prefix: "claudemesh-daemon-" }))
    .pipe(
      Effect.provide(NodeFileSystem.layer)
    )

/** A home in an empty directory. */
export const layerTemporaryHome: Layer.Layer<Home, Refused | PlatformError.PlatformError> = Layer
  .unwrap(
    Effect.map(temporaryDirectory, (directory) => Home.layer(directory))
  )
