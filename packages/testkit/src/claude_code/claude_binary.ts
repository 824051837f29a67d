/**
 * Finds the Claude Code client, or fetches it where that is wanted.
 *
 * It is looked for where `CLAUDE_BIN` says, then at a given path, then in a
 * cache of ours. Where there is none, tests of it are skipped, counted as
 * skipped, and that is said aloud.
 *
 * @module
 */
import { Config, Effect, Option } from "effect"
// oxlint-disable-next-line effecttsgo/node-builtin-import -- npm is run as a person would run it
import { spawn } from "node:child_process"
// oxlint-disable-next-line effecttsgo/node-builtin-import -- a client is looked for on the real disk
import { accessSync, constants, globSync } from "node:fs"
import { homedir } from "node:os"
// oxlint-disable-next-line effecttsgo/node-builtin-import -- as above
import { join } from "node:path"

const PACKAGE = "@anthropic-ai/claude-code"

/** The version that all that is only observed of the client was observed with. */
export const CLAUDE_VERSION = "2.1.331"

/** Where to look besides `CLAUDE_BIN`. */
export interface ClaudePlaces {
  /** The client itself. */
  readonly path?: string
  /** A directory in which the package is, or may be, installed. */
  readonly cache?: string
}

const settings = Config.all({
  binary: Config.option(Config.String("CLAUDE_BIN")),
  cacheHome: Config.option(Config.String("XDG_CACHE_HOME")),
  isUnwanted: Config.withDefault(Config.Boolean("CLAUDEMESH_WITHOUT_CLAUDE"), false),
  isWanted: Config.withDefault(Config.Boolean("CLAUDEMESH_WITH_CLAUDE"), false)
})

/** The client's path. Where `CLAUDEMESH_WITH_CLAUDE` is set it is fetched if need be; that there is none is a defect. */
export const findClaude = Effect.fnUntraced(function*(places: ClaudePlaces = {}) {
  const { isWanted } = yield* Effect.orDie(settings)
  if (isWanted) return yield* fetchClaude(places)
  const found = yield* lookForClaude(places)
  if (Option.isSome(found)) return found.value
  return yield* Effect.die(new Error(yield* missing(places)))
})

/** The same, fetched into the cache if need be, whatever is set. Only what `CLAUDE_BIN` names cannot be fetched. */
export const fetchClaude = Effect.fnUntraced(function*(places: ClaudePlaces = {}) {
  const { binary } = yield* Effect.orDie(settings)
  const found = yield* lookForClaude(places)
  if (Option.isSome(found)) return found.value
  if (Option.isNone(binary)) yield* install(yield* cacheOf(places))
  const fetched = yield* lookForClaude(places)
  if (Option.isSome(fetched)) return fetched.value
  return yield* Effect.die(new Error(yield* missing(places)))
})

/**
 * Whether to go without the tests of the real client, for `describe.skipIf`; if so, it says so in a line.
 *
 * Where `CLAUDEMESH_WITH_CLAUDE` is set they run, and fail if the client cannot be had.
 */
export function withoutClaude(places: ClaudePlaces = {}): boolean {
  return Effect.runSync(isWithout(places))
}

/** The same, as an effect. */
export const isWithout = Effect.fnUntraced(function*(places: ClaudePlaces) {
  const { isUnwanted, isWanted } = yield* Effect.orDie(settings)
  if (isUnwanted) {
    yield* Effect.logWarning("CLAUDEMESH_WITHOUT_CLAUDE is set: tests of Claude Code do not run")
    return true
  }
  if (isWanted || Option.isSome(yield* lookForClaude(places))) return false
  yield* Effect.logWarning(`TESTS OF CLAUDE CODE DO NOT RUN. ${yield* missing(places)}`)
  return true
})

/** The client, if it is there. Where `CLAUDE_BIN` names one it is that or none. */
export const lookForClaude = Effect.fnUntraced(function*(places: ClaudePlaces) {
  const { binary } = yield* Effect.orDie(settings)
  const cached = globSync(join(yield* cacheOf(places), "node_modules", `${PACKAGE}-*`, "claude"))
  const unnamed = [...(places.path === undefined ? [] : [places.path]), ...cached.toSorted()]
  const candidates = Option.match(binary, { onSome: (named) => [named], onNone: () => unnamed })
  return Option.fromUndefinedOr(candidates.find(isExecutable))
})

const missing = Effect.fnUntraced(function*(places: ClaudePlaces) {
  const { binary } = yield* Effect.orDie(settings)
  if (Option.isSome(binary)) {
    return `There is no client at "${binary.value}": name one in CLAUDE_BIN, or unset that`
  }
  const command = ["npm", ...installArgs(yield* cacheOf(places))].join(" ")
  return `There is no client: name one in CLAUDE_BIN, or run "${command}"`
})

const cacheOf = Effect.fnUntraced(function*({ cache }: ClaudePlaces) {
  const { cacheHome } = yield* Effect.orDie(settings)
  const home = Option.getOrElse(cacheHome, () => join(homedir(), ".cache"))
  return cache ?? join(home, "claudemesh", "claude-code")
})

/** Its binary comes as a package of its own, so that no script has to run. */
function installArgs(cache: string): ReadonlyArray<string> {
  return [
    "i",
    "--ignore-scripts",
    "--no-save",
    "--no-audit",
    "--no-fund",
    "--fetch-retry-maxtimeout=20000",
    "--prefix",
    cache,
    `${PACKAGE}@${CLAUDE_VERSION}`
  ]
}

const install = Effect.fnUntraced(function*(cache: string) {
  yield* Effect.logInfo(`Installing ${PACKAGE} into ${cache}`)
  // Where it fails, what says why is the command that is named then.
  yield* Effect.callback<void>((resume) => {
    // With the caller's whole environment, which may say how to reach a registry.
    const npm = spawn("npm", [...installArgs(cache)], { stdio: "ignore" })
    npm.once("error", () => resume(Effect.void))
    npm.once("close", () => resume(Effect.void))
    return Effect.sync(() => npm.kill())
  })
})

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
