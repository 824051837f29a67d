/**
 * The broker's directory: private, owned by one process, with a database that is sound.
 *
 * A database that is damaged is moved aside and a new one is begun: its name
 * differs, so that every daemon offers its mail again. That is said loudly.
 *
 * @module
 */
import { type Refused, refused } from "@claudemesh/protocol"
import { ProcessLock, Quarantine } from "@claudemesh/sqlite"
import { Context, Effect, FileSystem, Layer, Option, Path } from "effect"

export class DataDirectory extends Context.Service<DataDirectory, {
  readonly path: string
  /** The file of the database. */
  readonly database: string
  /** What the operator must know. */
  readonly warnings: ReadonlyArray<string>
}>()("@claudemesh/broker/data/data_directory/DataDirectory") {
  /** Locks the directory until the layer ends. */
  static readonly layer = (directory: string) => Layer.effect(DataDirectory, make(directory))
}

/** Bits of a mode that let others in. */
const OTHERS = 0o077

const make = Effect.fnUntraced(function*(directory: string) {
  const files = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const database = path.join(directory, "broker.sqlite")

  const warning = yield* prepare(files, directory)
  yield* ProcessLock.acquire(path.join(directory, "broker.lock")).pipe(
    Effect.catchTags({
      ProcessLockHeld: ({ message }) => refused("data_locked", message),
      ProcessLockFailed: ({ message }) => refused("home_unusable", message)
    })
  )
  const quarantined = yield* Effect.mapError(Quarantine.openable(database), unusable)
  const damage = Option.map(
    quarantined,
    ({ damage, moved }) =>
      `The database was damaged (${damage}) and is now ${
        moved[0] ?? database
      }. A new one was begun; daemons send again what it held.`
  )
  const warnings = [...Option.toArray(warning), ...Option.toArray(damage)]
  yield* Effect.forEach(Option.toArray(damage), (text) => Effect.logError(text))
  return { path: directory, database, warnings }
})

const prepare = Effect.fnUntraced(function*(files: FileSystem.FileSystem, directory: string) {
  const existed = yield* Effect.orElseSucceed(files.exists(directory), () => false)
  yield* Effect.mapError(files.makeDirectory(directory, { recursive: true, mode: 0o700 }), unusable)
  if (!existed) return Option.none<string>()
  const { mode } = yield* Effect.mapError(files.stat(directory), unusable)
  // One that was there is not ours to close: it may hold other things.
  return (mode & OTHERS) === 0
    ? Option.none<string>()
    : Option.some(`Others may look into "${directory}": chmod 700 it`)
})

/** Whatever keeps the directory from being used, as the operator reads it. */
export function unusable({ message }: { readonly message: string }): Refused {
  return refused("home_unusable", `Cannot use the data directory: ${message}`)
}
