/**
 * Checks what this executable runs on, and that it stays where it is.
 *
 * @module
 */
import { Effect } from "effect"
import { tmpdir } from "node:os"
import { VERSION } from "../version.ts"
import { failed, type Finding, ok, warning } from "./finding.ts"
import { Machine } from "./machine.ts"

/** As `engines` of package.json has it. */
export const NODE_FLOOR = "24.11.0"

/** Node is new enough, and the executable is where it will be tomorrow. */
export const runtime = Effect.gen(function*() {
  const { executable, node } = yield* Machine
  const [main = ""] = executable.args
  return [runtimeFinding(node, main)]
})

/** What there is to say of a version of Node and the path of the executable. */
export function runtimeFinding(node: string, main: string): Finding {
  if (isOlder(node, NODE_FLOOR)) {
    return failed(`Node ${node} is too old: claudemesh needs ${NODE_FLOOR}`, {
      cmd: "npm install -g node@24",
      why: "or whatever installs Node here"
    })
  }
  if (isFleeting(main)) {
    return warning(`claudemesh runs from "${main}", which is emptied without notice`, {
      cmd: "npm install -g claudemesh",
      why: "hooks and the daemon name the executable by its path"
    })
  }
  return ok(`claudemesh ${VERSION} on Node ${node} (needs ${NODE_FLOOR})`)
}

/** Whether a version comes before another; only the three numbers count. */
export function isOlder(version: string, floor: string): boolean {
  const [a, b] = [numbersOf(version), numbersOf(floor)]
  const at = a.findIndex((number, at) => number !== b[at])
  return at !== -1 && (a[at] ?? 0) < (b[at] ?? 0)
}

function numbersOf(version: string): ReadonlyArray<number> {
  return version.split("-", 1).join("").split(".", 3).map(Number)
}

function isFleeting(main: string): boolean {
  return main.includes("/_npx/") || main.startsWith(`${tmpdir()}/`)
}
