/**
 * The broker as a program has it: one directory, a database in it or elsewhere, one port, an address to tell people.
 *
 * When the layer ends, the broker stops taking connections, tells everybody to
 * come back, waits a moment for them to close, drops who does not, and leaves
 * one whole database file. None of that waits for a client.
 *
 * @module
 */
import { NodeHttpServer } from "@effect/platform-node"
import { type Refused, refused } from "@claudemesh/protocol"
import { Config, Context, Deferred, Effect, FileSystem, Layer, type Redacted } from "effect"
import * as SecureRandom from "effect/crypto/SecureRandom"
import { HttpRouter } from "effect/http"
import * as Broker from "./broker.ts"
import { BrokerLimits } from "./broker_limits.ts"
import { DataDirectory, unusable } from "./data/data_directory.ts"
import { firstAdminCode } from "./data/first_admin_code.ts"
import { foundedMeshes } from "./data/founded_meshes.ts"
import * as RunFile from "./data/run_file.ts"
import { Gateway } from "./gateway/gateway.ts"
import { answerWith, listen, type Listener, type ListenOptions } from "./gateway/listener.ts"
import { machineNames } from "./gateway/machine_names.ts"
import {
  isPrivate,
  isWildcard,
  type Listening,
  localOrigin,
  originFor,
  ownOrigins
} from "./gateway/origins.ts"
import { OwnOrigins } from "./gateway/own_origins.ts"
import { serveUpgrades } from "./gateway/upgrades.ts"
import * as Edge from "./http/edge.ts"
import { Founding } from "./http/founding.ts"
import * as Routes from "./http/routes.ts"
import { Readiness } from "./readiness.ts"
import * as PostgresStores from "./store/postgres/database.ts"
import { type DatabaseUrl, readDatabaseUrl } from "./store/postgres/database_url.ts"
import * as SqliteStores from "./store/sqlite/database.ts"

/** What a broker is told at its start. */
export interface BrokerOptions {
  readonly dataDirectory: string
  readonly listen: ListenOptions
  /** The address under which others reach it, if that is not where it listens. */
  readonly publicUrl?: string
  /** The address of a Postgres database; without one, it keeps what it stores in a file of its directory. */
  readonly database?: Redacted.Redacted
}

/** The address of a broker that serves. */
export class BrokerAddress extends Context.Service<BrokerAddress, {
  /** Such as `http://127.0.0.1:7843`. */
  readonly origin: string
  /** Everything that it answers for as itself. */
  readonly origins: ReadonlyArray<string>
  readonly host: string
  readonly port: number
  /** The database, by its address without the password; nothing where it is a file of the directory. */
  readonly database?: string
  /** What a founder must give; nothing where anybody on this machine may found a mesh. */
  readonly firstAdminCode?: Redacted.Redacted
  /** What the operator must know. */
  readonly warnings: ReadonlyArray<string>
  /** Fails once what is stored cannot be relied on until the broker is started anew. */
  readonly failed: Effect.Effect<never, Refused>
}>()("@claudemesh/broker/broker_server/BrokerAddress") {}

/** Serves for as long as the layer lives. */
export function layerBroker(options: BrokerOptions): Layer.Layer<BrokerAddress, Refused> {
  const server = Layer.unwrap(Effect.gen(function*() {
    const database = yield* readDatabase(options)
    const fault = yield* Deferred.make<never, Refused>()
    const address = Effect.map(
      serve(options, database),
      (served) => ({ ...served, failed: Deferred.await(fault) })
    )
    return Layer.effect(BrokerAddress, address).pipe(
      Layer.provide(Broker.layer),
      Layer.provide(database === undefined ? storesInFile(fault) : storesIn(database)),
      Layer.provideMerge(DataDirectory.layer(options.dataDirectory)),
      Layer.provide([NodeHttpServer.layerHttpServices, SecureRandom.layerWebCrypto])
    )
  }))
  // In one process with a daemon, layers that both use, the HTTP router among them, are never one.
  return Layer.fresh(server)
}

const readDatabase = Effect.fnUntraced(function*({ database }: BrokerOptions) {
  if (database === undefined) return undefined
  const password = yield* Effect.orDie(Config.option(Config.Redacted("PGPASSWORD")))
  return yield* Effect.fromResult(readDatabaseUrl(database, password))
})

function storesInFile(fault: Deferred.Deferred<never, Refused>) {
  const stores = Effect.map(DataDirectory, ({ database }) =>
    SqliteStores.layer({
      filename: database,
      // What was committed shows only when the file is opened anew, which the next broker does.
      onFault: ({ reason }) =>
        void Deferred.doneUnsafe(fault, Effect.fail(failed(database, reason)))
    }).pipe(
      Layer.catch((error) => Layer.effectContext(Effect.fail(unopened(database, error))))
    ))
  return Layer.provide(Layer.unwrap(stores), RunFile.layer)
}

/** It was whole when it was looked at, and yet is none of ours. */
function unopened(filename: string, error: { readonly _tag: string; readonly message: string }) {
  return error._tag === "DatabaseNewer"
    ? refused("unsupported", `${error.message}; upgrade claudemesh`)
    : unusable({
      message:
        `database "${filename}" does not work: ${error.message}; should it be damaged, move it away: a new one takes its place, and daemons send again what it held`
    })
}

function failed(filename: string, reason: string): Refused {
  const whatNow = "the broker ends here, and the next one looks at it first"
  return refused("disk_failed", `Database "${filename}" cannot be relied on: ${reason}; ${whatNow}`)
}

function storesIn(database: DatabaseUrl) {
  return Layer.provide(PostgresStores.layer(database), RunFile.layer)
}

const serve = Effect.fnUntraced(function*(
  options: BrokerOptions,
  database: DatabaseUrl | undefined
) {
  const publicUrl = yield* checkPublicUrl(options.publicUrl)
  const directory = yield* DataDirectory
  const listener = yield* listen(options.listen)
  const { host } = options.listen
  const { port } = listener
  const listening: Listening = { host, port, ...publicUrl }
  const code = isPrivate(listening) ? undefined : yield* firstAdminCode(directory.path)

  const founded = yield* foundedMeshes(directory.path)

  yield* answerRequests(listener, { listening, code, founded })
  yield* stopGracefully(listener)

  const unused = database === undefined ? [] : yield* unusedNote(directory)
  const warnings = [...directory.warnings, ...unused, ...unreachableNote(listening)]
  const firstAdmin = code === undefined ? {} : { firstAdminCode: code }
  const store = database === undefined ? {} : { database: database.shown }
  const origins = ownOrigins(listening, machineNames())
  return { origin: localOrigin(listening), origins, host, port, warnings, ...store, ...firstAdmin }
})

const answerRequests = Effect.fnUntraced(function*(
  listener: Listener,
  { listening, ...founding }: Founding["Service"] & { readonly listening: Listening }
) {
  const origins = OwnOrigins.of({
    of: (headers) => originFor(headers, listening, machineNames())
  })
  const app = yield* HttpRouter.toHttpEffect(Routes.layer).pipe(
    Effect.provideService(OwnOrigins, origins),
    Effect.provideService(Founding, founding)
  )
  const scope = yield* Effect.scope
  answerWith(listener, yield* NodeHttpServer.makeHandler(Edge.orNotFound(app), { scope }))
  yield* Effect.provideService(serveUpgrades(listener.server), OwnOrigins, origins)
})

/** Runs first when the broker ends; the listener's own end follows. */
const stopGracefully = Effect.fnUntraced(function*({ server }: Listener) {
  const readiness = yield* Readiness
  const gateway = yield* Gateway
  const { stopMillis } = yield* BrokerLimits
  const stopped = Effect.callback<void>((resume) => {
    server.close(() => resume(Effect.void))
    server.closeIdleConnections()
  })
  yield* Effect.addFinalizer(() =>
    readiness.stop.pipe(
      Effect.andThen(gateway.closeAll),
      Effect.andThen(Effect.timeoutOption(stopped, stopMillis))
    )
  )
})

const checkPublicUrl = Effect.fnUntraced(function*(publicUrl: string | undefined) {
  if (publicUrl === undefined) return {}
  const url = URL.parse(publicUrl)
  if (url !== null && /^https?:$/.test(url.protocol)) return { publicUrl }
  return yield* refused(
    "usage",
    `Cannot use the public URL "${publicUrl}": it is no http or https address`
  )
})

const unusedNote = Effect.fnUntraced(function*({ database }: DataDirectory["Service"]) {
  const files = yield* FileSystem.FileSystem
  const exists = yield* Effect.orElseSucceed(files.exists(database), () => false)
  return exists
    ? [`What "${database}" holds is not used, because the broker is on another database`]
    : []
})

function unreachableNote({ host, publicUrl }: Listening): ReadonlyArray<string> {
  return isWildcard(host) && publicUrl === undefined
    ? [
      "Others reach this broker by this machine's name or address; --public-url makes it one name, and https possible"
    ]
    : []
}
