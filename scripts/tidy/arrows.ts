/**
 * Which package may import which, and why no other.
 *
 * The linter holds the same arrows for static imports, where an editor shows them at once. This sees dynamic
 * imports as well, and paths that climb out of their package.
 *
 * @module
 */
import { posix } from "node:path"
import { type Findings, isForTests, packageOf, type Source } from "./source.ts"

/** The arrows of one package. */
interface Arrows {
  readonly mayImport: ReadonlyArray<string>
  readonly why: string
}

/** Every package, with the packages it may import. */
export const arrows: Readonly<Record<string, Arrows>> = {
  protocol: { mayImport: [], why: "it is what two processes agree on, and pure" },
  sqlite: { mayImport: [], why: "it is a leaf, to be replaced by a published driver" },
  broker: { mayImport: ["protocol", "sqlite"], why: "broker and daemon meet only in protocol" },
  daemon: { mayImport: ["protocol", "sqlite"], why: "broker and daemon meet only in protocol" },
  tui: {
    mayImport: ["protocol", "daemon", "broker"],
    why: "it composes the processes, and stores nothing itself"
  },
  testkit: {
    mayImport: ["protocol"],
    why: "tests hand it the layers of broker and daemon as arguments"
  }
}

interface Restriction {
  readonly what: RegExp
  readonly outside: RegExp
  readonly why: string
}

/** Imports that only some files may make. */
const restrictions: ReadonlyArray<Restriction> = [
  {
    what: /^node:|^@effect\//,
    outside: /^(?!packages\/protocol\/)/,
    why: "protocol has no socket, no file and no clock"
  },
  {
    what: /^libsodium/,
    outside: /^packages\/protocol\/src\/crypto\//,
    why: "only protocol/src/crypto names the library"
  },
  {
    what: /^ws$/,
    outside: /^packages\/broker\/src\/gateway\//,
    why: "only the broker's gateway sets limits on sockets"
  },
  {
    what: /\/testing\/|\/conformance\.ts$/,
    outside: /^scripts\//,
    why: "what tests use stays out of what ships"
  },
  {
    what: /^@claudemesh\/broker/,
    outside: /^packages\/tui\/src\/(main\.ts|cli\/)|^packages\/(?!tui\/)|^scripts\//,
    why: "screens speak with the daemon, only main.ts and the verbs start a broker"
  }
]

/** Imports against the arrows. Tests, and what only they use, may import any package, by its door. */
export function wrongArrows(source: Source): Findings {
  return importsOf(source).flatMap((name) => {
    const why = climbsOut(source.path, name) ??
      (isForTests(source.path) ? undefined : forbids(source.path, name))
    return why === undefined ? [] : [`${source.path}: may not import "${name}": ${why}`]
  })
}

/** Workspace dependencies against the arrows. */
export function wrongDependency(from: string, to: string): string | undefined {
  const row = arrows[from]
  if (row === undefined || row.mayImport.includes(to)) return undefined
  return `packages/${from}/package.json: may not depend on ${to}: ${row.why}`
}

function importsOf(source: Source): ReadonlyArray<string> {
  const found = source.uncommented.matchAll(/\b(?:from|import)\s*\(?\s*"([^"\n]+)"/g)
  return [...found].map((match) => match[1] ?? "")
}

function climbsOut(path: string, name: string): string | undefined {
  const owner = packageOf(path)
  if (owner === undefined || !name.startsWith(".")) return undefined
  const target = posix.join(posix.dirname(path), name)
  return target.startsWith(`packages/${owner}/`) ? undefined : "a package is entered by its door"
}

function forbids(path: string, name: string): string | undefined {
  const row = arrows[packageOf(path) ?? ""]
  const target = /^@claudemesh\/(\w+)/.exec(name)?.[1]
  if (row !== undefined && target !== undefined && !row.mayImport.includes(target)) return row.why
  return restrictions.find(({ outside, what }) => what.test(name) && !outside.test(path))?.why
}
