/**
 * Where the `claudemesh` executable is: the same file whether this runs from the source or from the build.
 *
 * @module
 */
import { fileURLToPath } from "node:url"

/** The absolute path of the executable, for a Node to run. */
export const EXECUTABLE = fileURLToPath(new URL("../bin/claudemesh.js", import.meta.url))
