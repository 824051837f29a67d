/**
 * Reads the source files, each as it is and with comments and strings blanked.
 *
 * @module
 */
import { globSync, readFileSync } from "node:fs"

/** One file, by its path from the root. */
export interface Source {
  readonly path: string
  readonly text: string
  /** Without comments, for looking at imports. */
  readonly uncommented: string
  /** Without comments and strings, for looking at words. Templates stay, because they hold code. */
  readonly code: string
}

/** What a rule finds wrong: `packages/x/src/y.ts: what and why`. */
export type Findings = ReadonlyArray<string>

const PATTERNS = ["packages/*/src/**/*.{ts,tsx}", "scripts/**/*", "*.config.ts", ".ci/*"]
const COMMENT_OR_STRING =
  /\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`/g

/** Every source file of the repository. */
export function readSources(): ReadonlyArray<Source> {
  const entries = globSync(PATTERNS, { withFileTypes: true }).filter((entry) => entry.isFile())
  const paths = entries.map((entry) => `${entry.parentPath}/${entry.name}`)
  return paths.toSorted().map((path) => sourceOf(path, readFileSync(path, "utf8")))
}

/** One file, from its text. */
export function sourceOf(path: string, text: string): Source {
  const uncommented = text.replace(COMMENT_OR_STRING, (found) => isComment(found) ? "" : found)
  const code = uncommented.replace(COMMENT_OR_STRING, (found) => found[0] === "`" ? found : "\"\"")
  return { path, text, uncommented, code }
}

/** The package a path is in: `protocol`, or nothing for a script. */
export function packageOf(path: string): string | undefined {
  return /^packages\/(\w+)\/src\//.exec(path)?.[1]
}

/** Whether a path is a test. */
export function isTest(path: string): boolean {
  return /_test\.tsx?$/.test(path)
}

/** Whether a path is a test, or a thing that only tests use. */
export function isForTests(path: string): boolean {
  return isTest(path) || path.includes("/testing/") || path.endsWith("/conformance.ts")
}

function isComment(found: string): boolean {
  return found.startsWith("/*") || found.startsWith("//")
}
