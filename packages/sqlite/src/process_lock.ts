/**
 * Lets one process at a time own a directory, by a lock that the kernel ends with the process.
 *
 * The lock is an exclusive transaction on an empty SQLite file. However its holder dies (kill -9, a
 * crash, a power cut), the lock is gone with it, and what lies on disk says nothing: no file has to
 * be judged stale, no pid has to be believed. The file stays, because removing a file that others
 * may be about to lock would let two of them hold it.
 *
 * Beside it, in `<path>.pid`, the holder writes its pid, only so that a refusal can name it.
 *
 * A lock binds those who ask for it, on one machine. Not for directories on a network file system.
 *
 * @module
 */
import { Effect, Option, Schema, type Scope } from "effect"
// oxlint-disable-next-line effecttsgo/node-builtin-import -- a few small calls, and nothing to wait for
import * as fs from "node:fs"
import { DatabaseSync } from "node:sqlite"
import { createPrivate } from "./private_file.ts"
import { reasonOf, ResultCode, resultCode } from "./sqlite_error.ts"

/** Another process holds the lock, or this one does already. */
export class ProcessLockHeld extends Schema.TaggedError<ProcessLockHeld>()("ProcessLockHeld", {
  path: Schema.String,
  /** Who wrote itself beside the lock: for people to read, never to signal. */
  pid: Schema.UndefinedOr(Schema.Int)
}) {
  override get message(): string {
    const holder = this.pid === undefined ? "another process" : `process ${this.pid}`
    return `Cannot lock "${this.path}": ${holder} holds it`
  }
}

/** The lock can be neither had nor refused: no such directory, no right to write there, no locks there. */
export class ProcessLockFailed
  extends Schema.TaggedError<ProcessLockFailed>()("ProcessLockFailed", {
    path: Schema.String,
    reason: Schema.String
  })
{
  override get message(): string {
    return `Cannot lock "${this.path}": ${this.reason}`
  }
}

/** Who holds a lock, as far as it can be told. */
export interface LockHolder {
  /** Who wrote itself beside the lock. */
  readonly pid: number | undefined
  /** Whether the system says that this process has the lock's file open: only then may it be signalled. */
  readonly isCertain: boolean
}

/** Two that ask at once each see the other for a moment; this lets one of them win. It blocks. */
const CONTENTION_MILLIS = 250

/** Holds the lock at `path` until the scope closes; refuses at once rather than wait for a holder. */
export const acquire: (
  path: string
) => Effect.Effect<void, ProcessLockHeld | ProcessLockFailed, Scope.Scope> = Effect.fn(
  "ProcessLock.acquire"
)(function*(path) {
  yield* Effect.acquireRelease(lock(path), (file) => Effect.sync(() => file.close()))
  yield* Effect.acquireRelease(writePid(path), () => removePid(path))
})

/** Who holds the lock at `path`; nothing if nobody does. Asks for it, and gives it back at once. */
export const holder: (
  path: string
) => Effect.Effect<Option.Option<LockHolder>, ProcessLockFailed> = Effect.fn(
  "ProcessLock.holder"
)(function*(path) {
  if (!fs.existsSync(path)) return Option.none()
  return yield* lock(path).pipe(
    Effect.flatMap((file) => Effect.sync(() => file.close())),
    Effect.as(Option.none<LockHolder>()),
    Effect.catchTag(
      "ProcessLockHeld",
      ({ pid }) =>
        Effect.sync(() => Option.some({ pid, isCertain: pid !== undefined && hasOpen(pid, path) }))
    )
  )
})

/** What Linux says of the files a process has open; nowhere else, and of nobody else's process, is it known. */
function hasOpen(pid: number, path: string): boolean {
  try {
    const files = `/proc/${pid}/fd`
    const wanted = fs.realpathSync(path)
    return fs.readdirSync(files).some((name) => isLinkTo(`${files}/${name}`, wanted))
  } catch {
    return false
  }
}

function isLinkTo(link: string, wanted: string): boolean {
  try {
    return fs.readlinkSync(link) === wanted
  } catch {
    return false // it was closed in the meantime
  }
}

const lock = Effect.fnUntraced(function*(path: string) {
  const file = yield* attempt(path, () => {
    createPrivate(path)
    return new DatabaseSync(path, { timeout: CONTENTION_MILLIS })
  })
  yield* attempt(path, () => file.exec("BEGIN EXCLUSIVE")).pipe(
    Effect.onError(() => Effect.sync(() => file.close()))
  )
  return file
})

function attempt<A>(path: string, run: () => A) {
  return Effect.try({
    try: run,
    catch: (thrown) =>
      resultCode(thrown) === ResultCode.busy
        ? new ProcessLockHeld({ path, pid: readPid(path) })
        : new ProcessLockFailed({ path, reason: reasonOf(thrown) })
  })
}

// A pid that cannot be written, read or removed leaves a refusal without a number; the lock holds.

function writePid(path: string): Effect.Effect<void> {
  return Effect.ignore(
    Effect.try(() => fs.writeFileSync(pidPath(path), `${process.pid}\n`, { mode: 0o600 }))
  )
}

function removePid(path: string): Effect.Effect<void> {
  return Effect.ignore(Effect.try(() => fs.rmSync(pidPath(path), { force: true })))
}

function readPid(path: string): number | undefined {
  try {
    const pid = Number(fs.readFileSync(pidPath(path), "utf8"))
    return Number.isSafeInteger(pid) && pid > 0 ? pid : undefined
  } catch {
    return undefined
  }
}

function pidPath(path: string): string {
  return `${path}.pid`
}
