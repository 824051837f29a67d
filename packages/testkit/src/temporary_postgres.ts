/**
 * A Postgres server of a test's own, as durable as a real one, that can be stopped, crashed and started again.
 *
 * It lives in a temporary directory which only its user may enter, listens on a
 * Unix socket in it and on no port, and syncs its commits. It ends with its
 * scope, and so does the directory. Postgres refuses to run as root; there it
 * runs as somebody else.
 *
 * @module
 */
import { Context, Effect, Layer, Option } from "effect"
// oxlint-disable-next-line effecttsgo/node-builtin-import -- a server has its files on a real disk
import { chownSync, mkdirSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
// oxlint-disable-next-line effecttsgo/node-builtin-import -- as above
import { join } from "node:path"
import { findPostgres } from "./postgres_binaries.ts"
import { watchOver } from "./orphan_watch.ts"
import { makePostgresServer, type PostgresServer } from "./postgres_server.ts"
import { type ProcessUser, startProcess } from "./real_process.ts"
import { serverUser } from "./server_user.ts"

export class TemporaryPostgres extends Context.Service<
  TemporaryPostgres,
  PostgresServer & {
    /** Makes an empty database, which goes with the server; answers with its URL. */
    readonly makeDatabase: Effect.Effect<string>
    /** Runs SQL as the superuser in the database of a URL; answers with the values it printed. */
    readonly execute: (url: string, sql: string) => Effect.Effect<string>
    /** Its files, to be touched only while it is stopped. */
    readonly dataDirectory: string
  }
>()("@claudemesh/testkit/temporary_postgres/TemporaryPostgres") {
  /** Starts it; `settings` are lines of `postgresql.conf`. A machine without Postgres is a defect that says so. */
  static layer(
    settings: Readonly<Record<string, string>> = {}
  ): Layer.Layer<TemporaryPostgres> {
    return Layer.effect(TemporaryPostgres, make(settings))
  }
}

const SUPERUSER = "claudemesh"

/** What keeps it small and private; all else is as its makers chose, and so are commits synced. */
const SETTINGS = {
  listen_addresses: "",
  max_connections: "60",
  shared_buffers: "32MB",
  // After a crash it syncs each of its thousand files for itself, if not told that the system can do it at once.
  ...(process.platform === "linux" && { recovery_init_sync_method: "syncfs" })
}

const make = Effect.fnUntraced(function*(settings: Readonly<Record<string, string>>) {
  const place = yield* makePlace(yield* findPostgres())
  // What has to survive is written later, so that making the files needs no sync.
  const files = ["-D", place.dataDirectory, "-U", SUPERUSER, "-A", "trust", "-E", "UTF8"]
  yield* runToEnd(place, "initdb", [...files, "--no-locale", "--no-sync"])
  const server = yield* makePostgresServer({
    ...place,
    settings: { ...SETTINGS, unix_socket_directories: place.root, ...settings }
  })
  yield* server.start

  function execute(url: string, sql: string) {
    return runToEnd(place, "psql", ["-XqAt", "-v", "ON_ERROR_STOP=1", "-d", url, "-c", sql])
  }

  let databases = 0
  const makeDatabase = Effect.suspend(() => {
    const name = `database_${++databases}`
    return Effect.as(
      execute(urlIn(place, "postgres"), `CREATE DATABASE ${name}`),
      urlIn(place, name)
    )
  })

  return TemporaryPostgres.of({
    ...server,
    execute,
    makeDatabase,
    dataDirectory: place.dataDirectory
  })
})

interface Place {
  readonly binaries: string
  readonly root: string
  readonly dataDirectory: string
  readonly user: ProcessUser | undefined
}

const makePlace = Effect.fnUntraced(function*(binaries: string) {
  const user = serverUser()
  const root = yield* Effect.acquireRelease(
    Effect.sync(() => mkdtempSync(join(tmpdir(), "claudemesh-postgres-"))),
    (root) => Effect.sync(() => rmSync(root, { recursive: true, force: true }))
  )
  yield* watchOver(root)
  const dataDirectory = join(root, "data")
  yield* Effect.sync(() => {
    mkdirSync(dataDirectory, { mode: 0o700 })
    if (user === undefined) return
    for (const directory of [root, dataDirectory]) chownSync(directory, user.uid, user.gid)
  })
  return { binaries, root, dataDirectory, user } satisfies Place
})

/** A client finds the socket by a host that is a directory. */
function urlIn({ root }: Place, database: string): string {
  return `postgres://${SUPERUSER}@localhost/${database}?host=${encodeURIComponent(root)}`
}

/** Runs a program of the server's and answers with what it printed; it must succeed. */
function runToEnd({ binaries, user }: Place, program: string, args: ReadonlyArray<string>) {
  return Effect.scoped(Effect.gen(function*() {
    const env = { LC_ALL: "C", PATH: "/usr/bin:/bin" }
    const running = yield* startProcess({ command: join(binaries, program), args, env, user })
    const code = yield* running.exit
    const said = (yield* running.output).trim()
    if (Option.contains(code, 0)) return said
    return yield* Effect.die(new Error(`${program} failed: ${said}`))
  }))
}
