/**
 * Shows that the linter still fires. The Effect rules come by patching binaries, and an install that forgets the
 * patch reports nothing at all.
 *
 * @module
 */
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { spawnSync } from "node:child_process"
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"

/** A fault for each rule that must not go silent. */
const planted: Readonly<Record<string, string>> = {
  "effecttsgo(floating-effect)": "Effect.log(\"never run\")",
  "effecttsgo(global-date-in-effect)":
    "export const x = Effect.gen(function*() {\n  yield* Effect.sleep(Date.now())\n})",
  "effecttsgo(strict-effect-provide)": "export const x = Effect.provide(Effect.void, Layer.empty)",
  "effecttsgo(deterministic-keys)":
    "export class X extends Context.Service<X, { readonly a: 1 }>()(\"Y\") {}",
  "effecttsgo(node-builtin-import)": "import \"node:fs\"",
  "eslint(no-console)": "console.log(1)",
  "eslint(func-style)": "export const x = () => 1",
  "eslint(max-params)": "export function x(a: 1, b: 2, c: 3, d: 4) {\n  return [a, b, c, d]\n}",
  "typescript(no-explicit-any)": "export const x: any = 1",
  "typescript(no-floating-promises)": "Promise.resolve(1)",
  "import(no-default-export)": "export default 1"
}

const IMPORTS = "import { Context, Effect, Layer } from \"effect\"\nvoid [Context, Effect, Layer]\n"

describe("the linter", () => {
  let folder = ""
  let seen: ReadonlyMap<string, ReadonlyArray<string>> = new Map()

  beforeAll(() => {
    // Where no other run of the linter looks, and below the packages that the faults import.
    mkdirSync("node_modules/.cache", { recursive: true })
    folder = mkdtempSync("node_modules/.cache/planted_")
    const files = Object.entries(planted).map(([rule, text]) => plant(folder, rule, text))
    seen = lint(files)
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  it.each(Object.keys(planted))("sees a planted fault of %s", (rule) => {
    assert.include(seen.get(fileOf(rule)) ?? [], rule)
  })
})

function plant(folder: string, rule: string, text: string): string {
  const path = join(folder, fileOf(rule))
  writeFileSync(path, `${IMPORTS}${text}\n`)
  return path
}

function fileOf(rule: string): string {
  return `${rule.replaceAll(/\W+/g, "_")}x.ts`
}

/** Rules that fired, by file name. */
function lint(files: ReadonlyArray<string>): ReadonlyMap<string, ReadonlyArray<string>> {
  const { stdout } = spawnSync("node_modules/.bin/oxlint", ["-f", "json", ...files], {
    encoding: "utf8"
  })
  const { diagnostics }: Report = JSON.parse(stdout)
  const byFile = Map.groupBy(diagnostics, ({ filename }) => filename.split("/").at(-1) ?? "")
  return new Map([...byFile].map(([file, found]) => [file, found.map(({ code }) => code)]))
}

interface Report {
  readonly diagnostics: ReadonlyArray<{ readonly code: string; readonly filename: string }>
}
