#!/usr/bin/env node
/**
 * The `claudemesh` executable: keeps what is compiled, then loads the verbs.
 *
 * Compiling takes longer than most verbs run. What this directory holds is of one user and one
 * version; where it cannot be written, everything is compiled each time.
 *
 * @module
 */
import { enableCompileCache } from "node:module"
import { fileURLToPath } from "node:url"

enableCompileCache(
  fileURLToPath(new URL("../../../node_modules/.cache/claudemesh", import.meta.url))
)

await import("./cli/main.ts")
