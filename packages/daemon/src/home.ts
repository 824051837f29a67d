/**
 * Finds the daemon's home directory, makes it, and refuses one that is not ours alone.
 *
 * Everything of a user is under it: `keys/`, `data/`, `run/`, `log/`, each 0700. What is ours but too
 * open is tightened, and that is logged; what is somebody else's, or a link, is refused.
 *
 * @module
 */
import { Config, Context, Effect, FileSystem, Layer, type PlatformError } from "effect"
import { NodeFileSystem } from "@effect/platform-node"
import { type Refused, refused } from "@claudemesh/protocol/errors"
import { homedir } from "node:os"
import { type HomeLocation, locateHome, socketIn } from "./home_location.ts"
import {
  directoryOf,
  isOpenToOthers,
  makeDirectories,
  ownUid,
  systemReason,
  trustFault
} from "./private_file.ts"

/** Socket names end at 104 bytes on macOS, at 108 on Linux. */
const SOCKET_PATH_BYTES_MAX = 99

/** Permission bits that let others put files into a directory, or take them away. */
const WRITABLE_BY_OTHERS = 0o022

/** Reads `CLAUDEMESH_HOME` (else `~/.claudemesh`) and `CLAUDEMESH_SOCKET`: nothing else reads the environment. */
export const homeDirectory: Config.Config<HomeLocation> = Config.all({
  directory: Config.String("CLAUDEMESH_HOME").pipe(Config.withDefault("")),
  socket: Config.String("CLAUDEMESH_SOCKET").pipe(Config.withDefault(""))
}).pipe(
  Config.map(({ directory, socket }) => locateHome({ home: directory, socket, user: homedir() }))
)

export type { HomeLocation } from "./home_location.ts"

/** Paths of a home that exists and is ours. */
export class Home extends Context.Service<Home, {
  readonly directory: string
  readonly keys: string
  readonly data: string
  readonly run: string
  readonly log: string
  readonly socket: string
  readonly lock: string
  readonly database: string
  readonly brokerData: string
}>()("@claudemesh/daemon/home") {
  /** Makes the directories; refuses with `home_unusable` and the way out. */
  static layer(
    directory: string,
    socket: string = socketIn(directory)
  ): Layer.Layer<Home, Refused> {
    return Layer.effect(Home, makeHome({ directory, socket })).pipe(
      Layer.provide(NodeFileSystem.layer)
    )
  }
}

/** Where the lock of a home is. */
export function lockIn(directory: string): string {
  return `${directory}/data/daemon.lock`
}

/** Where the broker of a home keeps what it stores. */
export function brokerDataIn(directory: string): string {
  return `${directory}/data/broker`
}

const makeHome = Effect.fn("Home.make")(function*({ directory, socket }: HomeLocation) {
  if (!directory.startsWith("/")) {
    return yield* unusable(directory, "it is not an absolute path", "set CLAUDEMESH_HOME to one")
  }
  yield* refuseLongSocket(socket)
  const home = {
    directory,
    keys: `${directory}/keys`,
    data: `${directory}/data`,
    run: `${directory}/run`,
    log: `${directory}/log`
  }
  yield* prepareHome(directory)
  const parts = new Set([home.keys, home.data, home.run, home.log, directoryOf(socket)])
  yield* Effect.forEach(parts, preparePart, { discard: true })
  return Home.of({
    ...home,
    socket,
    lock: lockIn(directory),
    database: `${home.data}/daemon.sqlite`,
    brokerData: brokerDataIn(directory)
  })
})

/** The home itself may be reached by a link, and may be read by others: its parts are closed. */
const prepareHome = Effect.fn("Home.prepare")(function*(path: string) {
  const fs = yield* FileSystem.FileSystem
  yield* or(path, makeDirectories(path))
  const info = yield* or(path, fs.stat(path))
  yield* refuseFault(path, info)
  if ((info.mode & WRITABLE_BY_OTHERS) !== 0) {
    yield* tighten(path, info.mode & 0o777 & ~WRITABLE_BY_OTHERS)
  }
  yield* or(path, fs.access(path, { writable: true }))
})

const preparePart = Effect.fn("Home.preparePart")(function*(path: string) {
  const fs = yield* FileSystem.FileSystem
  yield* or(path, makeDirectories(path))
  const info = yield* or(path, fs.lstat(path))
  yield* refuseFault(path, info)
  if (isOpenToOthers(info)) yield* tighten(path, 0o700)
  yield* or(path, fs.access(path, { writable: true }))
})

const tighten = Effect.fn("Home.tighten")(function*(path: string, mode: number) {
  const fs = yield* FileSystem.FileSystem
  yield* or(path, fs.chmod(path, mode))
  yield* Effect.logWarning(`Closed "${path}" to other users: its mode is ${mode.toString(8)} now`)
})

function refuseFault(path: string, info: FileSystem.File.Info): Effect.Effect<void, Refused> {
  const fault = trustFault(path, info, { type: "Directory", uid: ownUid() })
  return fault === undefined ? Effect.void : unusable(path, fault.reason, fault.fix)
}

function refuseLongSocket(socket: string): Effect.Effect<void, Refused> {
  const bytes = Buffer.byteLength(socket)
  if (bytes <= SOCKET_PATH_BYTES_MAX) return Effect.void
  const limit = `its path has ${bytes} bytes, and a socket's may have ${SOCKET_PATH_BYTES_MAX}`
  return unusable(
    socket,
    limit,
    "set CLAUDEMESH_SOCKET to a shorter one"
  )
}

function or<A, R>(
  path: string,
  effect: Effect.Effect<A, PlatformError.PlatformError, R>
): Effect.Effect<A, Refused, R> {
  const fix =
    "make it a directory of yours that you may write to, or set CLAUDEMESH_HOME to another"
  return Effect.catch(effect, (error) => unusable(path, systemReason(error), fix))
}

function unusable(path: string, reason: string, fix: string): Effect.Effect<never, Refused> {
  return Effect.fail(refused("home_unusable", `Cannot use "${path}": ${reason}; ${fix}`))
}
