/**
 * Runs the tests and ends with one plain line: `12 passed, 0 failed`, then `, 1 skipped` if there are such.
 *
 * Takes what `vitest run` takes: `npm test -- packages/protocol` or `npm test -- -t "part of a name"`. It fails if
 * a test fails, if a file does not load, and if nothing ran.
 *
 * @module
 */
import { parseCLI, startVitest, type TestModule } from "vitest/node"

interface Tally {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

const { filter, options } = parseCLI(["vitest", "run", ...process.argv.slice(2)])
const vitest = await startVitest(filter, { ...options, watch: false })
const broken = vitest.state.getUnhandledErrors().length
const tally = count(vitest.state.getTestModules(), broken)
await vitest.close()
if (tally.failed > 0 || tally.passed === 0) process.exitCode = 1
console.log(lineOf(tally))

function count(modules: ReadonlyArray<TestModule>, broken: number): Tally {
  const tests = modules.flatMap((module) => [...module.children.allTests()])
  const byState = Map.groupBy(tests, (test) => test.result().state)
  return {
    passed: byState.get("passed")?.length ?? 0,
    failed: (byState.get("failed")?.length ?? 0) + brokenBlocks(modules) + broken,
    skipped: byState.get("skipped")?.length ?? 0
  }
}

/** Files that do not load and hooks that fail have no failed test to show for it. */
function brokenBlocks(modules: ReadonlyArray<TestModule>): number {
  const blocks = modules.flatMap((module) => [module, ...module.children.allSuites()])
  return blocks.filter((block) => block.errors().length > 0).length
}

function lineOf({ failed, passed, skipped }: Tally): string {
  const line = `${passed} passed, ${failed} failed`
  return skipped > 0 ? `${line}, ${skipped} skipped` : line
}
