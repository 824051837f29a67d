/**
 * Finds the programs of a Postgres server on this machine, wherever its packages put them.
 *
 * Where there is none, tests of Postgres are skipped, counted as skipped, and
 * that is said aloud: nothing passes that did not run.
 *
 * @module
 */
import { Config, Effect, Exit } from "effect"
// oxlint-disable-next-line effecttsgo/node-builtin-import -- a server is looked for on the real disk
import { accessSync, constants, globSync } from "node:fs"
// oxlint-disable-next-line effecttsgo/node-builtin-import -- as above
import { delimiter, join } from "node:path"

/** Where packages put a server that is not on the PATH; of each, the newest version is taken. */
const PLACES = [
  "/usr/lib/postgresql/*/bin", // Debian, Ubuntu
  "/usr/pgsql-*/bin", // Fedora, RHEL
  "/usr/libexec/postgresql*", // Alpine
  "/opt/homebrew/opt/postgresql@*/bin",
  "/usr/local/opt/postgresql@*/bin",
  "/Applications/Postgres.app/Contents/Versions/*/bin"
]

const PROGRAMS = ["postgres", "initdb", "psql"]

const MISSING = `There is no Postgres here, neither on the PATH nor in ${PLACES.join(", ")}: ` +
  "install it (on Debian, apt-get install postgresql), or set CLAUDEMESH_WITHOUT_POSTGRES=1 to go without its tests"

/** The directory of the programs. That there is none is a defect, which says what to do. */
export const findPostgres = Effect.fnUntraced(function*(places: ReadonlyArray<string> = PLACES) {
  const path = yield* Effect.orDie(Config.withDefault(Config.String("PATH"), ""))
  const directories = [...path.split(delimiter), ...places.flatMap(newestFirst)]
  const found = directories.find((directory) => directory !== "" && holdsAll(directory))
  return found ?? (yield* Effect.die(new Error(MISSING)))
})

const settings = Config.all({
  isUnwanted: Config.withDefault(Config.Boolean("CLAUDEMESH_WITHOUT_POSTGRES"), false),
  isWanted: Config.withDefault(Config.Boolean("CLAUDEMESH_WITH_POSTGRES"), false)
})

/**
 * Whether to go without the tests of Postgres, for `describe.skipIf`; if so, it says so.
 *
 * Where `CLAUDEMESH_WITH_POSTGRES` is set they run, and fail if there is none.
 */
export function withoutPostgres(): boolean {
  return Effect.runSync(isWithout())
}

/** The same, with the server looked for in these places. */
export const isWithout = Effect.fnUntraced(function*(places?: ReadonlyArray<string>) {
  const { isUnwanted, isWanted } = yield* Effect.orDie(settings)
  if (isUnwanted) {
    yield* Effect.logWarning("CLAUDEMESH_WITHOUT_POSTGRES is set: tests of Postgres do not run")
    return true
  }
  if (isWanted || Exit.isSuccess(yield* Effect.exit(findPostgres(places)))) return false
  yield* Effect.logWarning(`TESTS OF POSTGRES DO NOT RUN. ${MISSING}`)
  return true
})

function newestFirst(pattern: string): ReadonlyArray<string> {
  return globSync(pattern).toSorted((a, b) => b.localeCompare(a, "en", { numeric: true }))
}

function holdsAll(directory: string): boolean {
  return PROGRAMS.every((program) => isExecutable(join(directory, program)))
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
