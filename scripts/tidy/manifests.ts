/**
 * What package.json files and the lock file may say: exact versions, one of each, arrows, no install script.
 *
 * @module
 */
import { globSync, readFileSync } from "node:fs"
import { wrongDependency } from "./arrows.ts"
import type { Findings } from "./source.ts"

/** The part of a package.json that is looked at. */
export interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
}

/** The part of the lock file that is looked at. */
export interface Lock {
  readonly packages: Readonly<
    Record<string, { readonly resolved?: string; readonly hasInstallScript?: boolean }>
  >
}

/** Packages that have an install script and do their work without it, because set-up runs none. */
const scriptNotNeeded: Readonly<Record<string, string>> = {
  "node_modules/dprint": "it finds its binary among the optional packages at its first start",
  "node_modules/fsevents": "macOS only and optional; it carries its binary"
}

/** Every package.json by its path. */
export function readManifests(): ReadonlyMap<string, Manifest> {
  const paths = ["package.json", ...globSync("packages/*/package.json")]
  return new Map(paths.map((path) => [path, JSON.parse(readFileSync(path, "utf8"))]))
}

/** The lock file. */
export function readLock(): Lock {
  return JSON.parse(readFileSync("package-lock.json", "utf8"))
}

/** Versions that are ranges, or differ between packages, and dependencies against the arrows. */
export function wrongDependencies(manifests: ReadonlyMap<string, Manifest>): Findings {
  const pins = [...manifests].flatMap(([path, manifest]) => pinsOf(path, manifest))
  return [...pins.flatMap(ranges), ...disagreements(pins), ...pins.flatMap(againstArrows)]
}

/** Lock entries that name a registry, or need an install script. */
export function wrongLocks({ packages }: Lock): Findings {
  return Object.entries(packages).flatMap(([name, { hasInstallScript, resolved }]) => {
    if (resolved?.includes("://")) return [`${name}: the lock file names a registry`]
    if (!hasInstallScript || scriptNotNeeded[name] !== undefined) return []
    return [`${name}: has an install script, which set-up does not run`]
  })
}

interface Pin {
  readonly path: string
  readonly name: string
  readonly version: string
  readonly atRunTime: boolean
}

function pinsOf(path: string, { dependencies, devDependencies }: Manifest): ReadonlyArray<Pin> {
  return [...pinsIn(dependencies, true), ...pinsIn(devDependencies, false)]

  function pinsIn(list: Manifest["dependencies"], atRunTime: boolean): ReadonlyArray<Pin> {
    return Object.entries(list ?? {}).map(([name, version]) => ({ path, name, version, atRunTime }))
  }
}

function ranges({ name, path, version }: Pin): Findings {
  if (/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)) return []
  return [`${path}: ${name} is "${version}", which is no exact version`]
}

function disagreements(pins: ReadonlyArray<Pin>): Findings {
  return [...Map.groupBy(pins, ({ name }) => name)].flatMap(([name, same]) => {
    const versions = [...new Set(same.map(({ version }) => version))]
    return versions.length === 1 ? [] : [`${name}: is pinned to ${versions.join(" and ")}`]
  })
}

function againstArrows({ atRunTime, name, path }: Pin): Findings {
  const from = /^packages\/(\w+)\//.exec(path)?.[1]
  const to = /^@claudemesh\/(\w+)$/.exec(name)?.[1]
  if (from === undefined || to === undefined || !atRunTime) return []
  return [wrongDependency(from, to)].filter((finding) => finding !== undefined)
}
