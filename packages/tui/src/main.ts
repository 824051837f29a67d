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

const [, , verb = "", ...args] = process.argv

await run()

/** What an agent's client runs over and over starts without the rest. */
async function run(): Promise<void> {
  switch (verb) {
    case "hook":
    case "statusline": {
      const { runHot } = await import("./hot/main.ts")
      return await runHot({ verb, args, env: process.env })
    }
    case "mcp": {
      const [{ runPipe }, { VERSION }] = await Promise.all([
        import("@claudemesh/daemon/mcp"),
        import("./version.ts")
      ])
      return await runPipe(VERSION)
    }
    default:
      await import("./cli/main.ts")
  }
}
