/**
 * Reads the source and checks what neither compiler nor linter sees. Each rule is shown a planted fault as well,
 * so that a rule which finds nothing is known to look.
 *
 * @module
 */
import { assert, describe, it } from "@effect/vitest"
import { existsSync } from "node:fs"
import { testedElsewhere } from "./tidy/files.ts"
import { readLock, readManifests, wrongDependencies, wrongLocks } from "./tidy/manifests.ts"
import { rules } from "./tidy/rules.ts"
import { readSources, sourceOf } from "./tidy/source.ts"
import { isNamed, strayWords, words } from "./tidy/words.ts"

describe("the source", () => {
  const sources = readSources()

  for (const { find, name, planted } of rules) {
    it(`keeps the rule: ${name}`, () => assert.deepStrictEqual(find(sources), []))

    it.each(planted)(`would be caught breaking it in %s: ${name}`, (path, text) => {
      assert.lengthOf(find([sourceOf(path, text)]), 1)
    })
  }

  it("names no exception that is gone", () => {
    const lists = [...words.map(({ allowed }) => allowed), testedElsewhere]
    const named = lists.flatMap((list) => Object.keys(list)).filter((name) => !name.endsWith("/"))
    const kept = named.filter((name) => existsSync(name) || !existsSync(doorBeside(name)))
    assert.deepStrictEqual(named, kept)
  })

  it("does not take a comment or a string for code", () => {
    const text =
      "// Date.now()\n/* setTimeout( */ export const said = \"console.log and process.env\"\n"
    assert.deepStrictEqual(strayWords(sourceOf("packages/broker/src/x.ts", text)), [])
  })

  it("takes a folder for all that is in it, and a file for itself", () => {
    assert.isTrue(isNamed("scripts/x/y.ts", ["scripts/"]))
    assert.isFalse(isNamed("scripts/x.ts.md", ["scripts/x.ts"]))
  })
})

describe("the manifests", () => {
  it("pin exactly, agree, and follow the arrows", () => {
    assert.deepStrictEqual(wrongDependencies(readManifests()), [])
  })

  it("would be caught with a range, two versions, or a dependency against the arrows", () => {
    const manifests = new Map([
      ["packages/broker/package.json", { dependencies: { effect: "4.1.0", ws: "^8.0.0" } }],
      ["packages/daemon/package.json", { dependencies: { "@claudemesh/broker": "0.1.0" } }],
      ["packages/sqlite/package.json", { dependencies: { effect: "4.0.0" } }]
    ])
    assert.lengthOf(wrongDependencies(manifests), 3)
  })

  it("lock nothing to one registry and need no install script", () => {
    assert.deepStrictEqual(wrongLocks(readLock()), [])
  })

  it("would be caught with a registry or an install script in the lock file", () => {
    const packages = {
      "a": { resolved: "https://registry.example/a.tgz" },
      "b": { hasInstallScript: true }
    }
    assert.lengthOf(wrongLocks({ packages }), 2)
  })
})

/** The door of the package a path is in; its exceptions are looked at once it is there. */
function doorBeside(path: string): string {
  return path.replace(/\/src\/.*/, "/src/mod.ts")
}
