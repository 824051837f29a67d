/**
 * Gives a test a user's directory of its own: with a client's in it or without, and what to install there.
 *
 * @module
 */
import { Effect, FileSystem } from "effect"
import { createHash } from "node:crypto"
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  writeFileSync
} from "node:fs"
import { dirname, join } from "node:path"
import { temporaryDirectory } from "../../testing/temporary_home.ts"
import { applyInstall, type InstallRequest, planInstall } from "../install.ts"
import { uninstall } from "../uninstall.ts"

/** Where a test installs. */
export interface MadePlace {
  readonly user: string
  readonly config: string
  readonly home: string
  /** The folder of the plugin. */
  readonly folder: string
}

/** A user's directory with those files below it; its name has a space and quotes. */
export const makePlace = Effect.fn("makePlace")(
  function*(files: Readonly<Record<string, string>> = {}) {
    const user = join(yield* temporaryDirectory, "it's \"my\" home")
    mkdirSync(user, { mode: 0o750 })
    const config = join(user, ".claude")
    write(user, files)
    const place: MadePlace = {
      user,
      config,
      home: join(user, ".claudemesh"),
      folder: join(config, "skills/claudemesh")
    }
    return place
  }
)

/** Writes files below a directory. */
export function write(directory: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true })
    writeFileSync(join(directory, path), text)
  }
}

/** What to install there. */
export function requestFor(
  { config, home }: MadePlace,
  otherwise: Partial<InstallRequest> & { readonly version?: string } = {}
): InstallRequest {
  const { version = "1.0.0", ...rest } = otherwise
  return {
    config,
    home,
    plugin: {
      version,
      executable: { program: "/opt/it's node/node", args: ["/opt/a \"b\"/main.ts"] },
      skill: `skill of ${version}\n`
    },
    statusLine: false,
    force: false,
    ...rest
  }
}

/** Installs; answers with what was done to which file. */
export const installIn = Effect.fn("installIn")(
  function*(place: MadePlace, otherwise: Parameters<typeof requestFor>[1] = {}) {
    const plan = yield* planInstall(requestFor(place, otherwise))
    yield* applyInstall(plan)
    return plan.changes.map(({ change, path }) => [path.slice(place.config.length + 1), change])
  }
)

/** Uninstalls; answers with what was done to which file. */
export const uninstallIn = Effect.fn("uninstallIn")(
  function*({ config, home }: MadePlace, otherwise: { force?: boolean; dryRun?: boolean } = {}) {
    const changes = yield* uninstall({ home, force: false, dryRun: false, ...otherwise })
    return changes.map(({ change, path }) => [path.slice(config.length + 1), change])
  }
)

/** All that is below a directory: kinds, modes and contents; the times of files are left out. */
export function snapshot(directory: string): ReadonlyArray<string> {
  return [".", ...readdirSync(directory, { recursive: true, encoding: "utf8" }).toSorted()].map(
    (name) => `${name} ${lookOf(join(directory, name))}`
  )
}

function lookOf(path: string): string {
  const info = lstatSync(path)
  const mode = info.mode.toString(8)
  if (info.isSymbolicLink()) return `${mode} -> ${readlinkSync(path)}`
  if (info.isDirectory()) return mode
  return `${mode} ${createHash("sha256").update(readFileSync(path)).digest("hex")}`
}

/** A file below the client's directory. */
export function readIn({ config }: MadePlace, path: string) {
  return FileSystem.FileSystem.use((fs) => fs.readFileString(join(config, path)))
}
