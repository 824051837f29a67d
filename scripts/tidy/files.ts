/**
 * How a source file is named, what it opens with, and where its test is.
 *
 * @module
 */
import { type Findings, isForTests, isTest, packageOf, type Source } from "./source.ts"
import { isNamed } from "./words.ts"

/** Files, or folders with a closing slash, whose test is elsewhere, each with the place or the reason. */
export const testedElsewhere: Readonly<Record<string, string>> = {
  "packages/broker/src/store/postgres/migrations/":
    "broker/src/store/postgres/migrate_live_test.ts runs them",
  "packages/daemon/src/migrations/": "daemon/src/database_test.ts runs them"
}

const HEADER = /^(#![^\n]*\n)?\/\*\*\n(?:(?!\*\/)[\s\S])*\n \* @module\n \*\//
const SNAKE_CASE = /^[a-z0-9]+(_[a-z0-9]+)*(\.[a-z0-9]+)*$/
const NO_NOUN = /^(utils?|helpers?|lib|common|misc|shared|types|constants|index)$/

/** Sources of a package that do not say what they are for. */
export function missingHeader({ path, text }: Source): Findings {
  if (packageOf(path) === undefined || isTest(path) || HEADER.test(text)) return []
  return [`${path}: opens with no header: a sentence that says what it is for, and @module`]
}

/** Names that say nothing, or say it in another case. */
export function wrongName({ path }: Source): Findings {
  const parts = path.split("/").slice(packageOf(path) === undefined ? 1 : 3)
  return parts.flatMap((part) => {
    if (!SNAKE_CASE.test(part)) return [`${path}: "${part}" is not snake_case`]
    const noun = part.replace(/(_test)?\.\w+$/, "")
    return NO_NOUN.test(noun) ? [`${path}: "${noun}" is not the name of a thing`] : []
  })
}

/** Sources with logic and no test beside them. A door only names, and a main.ts only lists layers. */
export function missingTests(sources: ReadonlyArray<Source>): Findings {
  const paths = new Set(sources.map(({ path }) => path))
  const untested = sources.filter((source) => hasLogic(source) && !hasTest(source.path, paths))
  return untested
    .filter(({ path }) => !isNamed(path, Object.keys(testedElsewhere)))
    .map(({ path }) => `${path}: has logic but no test beside it`)
}

function hasLogic({ code, path }: Source): boolean {
  return packageOf(path) !== undefined && !isForTests(path) && !path.endsWith("/main.ts") &&
    /\bfunction\b/.test(code)
}

function hasTest(path: string, paths: ReadonlySet<string>): boolean {
  const stem = path.replace(/\.tsx?$/, "")
  return ["_test.ts", "_test.tsx", "_live_test.ts"].some((ending) => paths.has(stem + ending))
}
