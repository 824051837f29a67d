/**
 * Checks everything but behaviour: types, lint, format, dead code, source rules, generated files.
 *
 * Every step runs, also after one has failed, so that one run shows all there is to mend.
 *
 * @module
 */
import { spawnSync } from "node:child_process"
import { globSync } from "node:fs"

interface Step {
  readonly name: string
  readonly command: ReadonlyArray<string>
  /** What a person may do about a failure. */
  readonly remedy: string
}

const steps: ReadonlyArray<Step> = [
  { name: "types", command: ["tsc", "--noEmit"], remedy: "mend the types" },
  { name: "lint", command: ["oxlint"], remedy: "npm run fix mends some of it" },
  { name: "format", command: ["dprint", "check", "--list-different"], remedy: "npm run fix" },
  {
    name: "dead code",
    command: ["knip", "--no-progress", "--no-config-hints"],
    remedy: "delete it, or use it"
  },
  { name: "tidy", command: ["vitest", "run", "scripts/tidy"], remedy: "see the message" },
  ...globSync("scripts/generate_*.ts").map(freshness)
]

const failed = steps.filter((step) => !passes(step))
for (const { name, remedy } of failed) console.log(`check failed: ${name} (${remedy})`)
if (failed.length === 0) console.log(`all ${steps.length} checks passed`)
process.exitCode = failed.length === 0 ? 0 : 1

function passes({ command: [program = "", ...args], name }: Step): boolean {
  console.log(`── ${name}`)
  return spawnSync(program, args, { stdio: "inherit" }).status === 0
}

/** A generator called with --check writes nothing, and fails if what it would write is not what is there. */
function freshness(script: string): Step {
  return {
    name: `${script} is fresh`,
    command: ["node", script, "--check"],
    remedy: `node ${script}, and commit what it wrote`
  }
}
