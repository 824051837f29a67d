/**
 * Checks the home: that it is there, its user's, closed to others, and that a socket fits into it.
 *
 * @module
 */
import { Effect, FileSystem, Option } from "effect"
import { word } from "../cli/shell_word.ts"
import { failed, type Finding, ok, skipped } from "./finding.ts"
import { Machine } from "./machine.ts"
import { closeEntry, openEntries, type OpenEntry } from "./open_entries.ts"

/** Socket names end at 104 bytes on macOS; the daemon refuses what comes near. */
const SOCKET_PATH_BYTES_MAX = 99

const WRITABLE_BY_OTHERS = 0o022

/** How many paths are named in a line. */
const NAMED_MAX = 3

/** The home, and all that must be its user's alone. */
export const home = Effect.gen(function*() {
  const { home, socket } = yield* Machine
  const fs = yield* FileSystem.FileSystem
  const bytes = Buffer.byteLength(socket)
  if (bytes > SOCKET_PATH_BYTES_MAX) {
    return [
      failed(`the path of the socket has ${bytes} bytes, and may have ${SOCKET_PATH_BYTES_MAX}`, {
        cmd: "export CLAUDEMESH_SOCKET=/run/user/$(id -u)/claudemesh/daemon.sock",
        why: "a shorter one"
      })
    ]
  }
  const info = yield* fs.stat(home).pipe(
    Effect.asSome,
    Effect.catchIf(({ reason }) => reason._tag === "NotFound", () => Effect.succeedNone)
  )
  if (Option.isNone(info)) return [skipped(`"${home}" is not there yet: claudemesh up makes it`)]
  return [homeFault(home, info.value) ?? closedFinding(home, yield* openEntries(home))]
})

function homeFault(home: string, info: FileSystem.File.Info): Finding | undefined {
  const uid = process.geteuid?.()
  if (info.type !== "Directory") {
    return failed(`"${home}" is no directory`, {
      cmd: `mv ${word(home)} ${word(`${home}.aside`)}`,
      why: "make room for one, or set CLAUDEMESH_HOME to another"
    })
  }
  if (uid !== undefined && Option.getOrUndefined(info.uid) !== uid) {
    return failed(`"${home}" belongs to another user`, {
      cmd: `sudo chown ${uid} ${word(home)}`,
      why: "or set CLAUDEMESH_HOME to a directory of yours"
    })
  }
  const mode = info.mode & 0o777
  if ((mode & 0o700) !== 0o700 || (mode & WRITABLE_BY_OTHERS) !== 0) {
    return openFinding([{ path: home, fault: "mode", mode: (mode | 0o700) & ~WRITABLE_BY_OTHERS }])
  }
  return undefined
}

/** What there is to say of a home in which that is open. */
export function closedFinding(home: string, open: ReadonlyArray<OpenEntry>): Finding {
  if (open.length === 0) return ok(`"${home}" is yours alone`)
  const foreign = open.filter(({ fault }) => fault === "owner")
  if (foreign.length === 0) return openFinding(open)
  return failed(`another user owns ${named(foreign)}`, {
    cmd: `sudo chown -R "$(id -u)" ${word(home)}`,
    why: "a home is its user's alone"
  })
}

function openFinding(open: ReadonlyArray<OpenEntry>): Finding {
  return {
    ...failed(`others may use ${named(open)}`, {
      cmd: "claudemesh doctor --fix",
      why: "close it; a daemon that refused a key reads it again after claudemesh daemon stop"
    }),
    repair: {
      does: `close to other users: ${named(open)}`,
      run: Effect.forEach(open, closeEntry, { discard: true })
    }
  }
}

function named(entries: ReadonlyArray<OpenEntry>): string {
  const shown = entries.slice(0, NAMED_MAX).map(({ path }) => `"${path}"`).join(", ")
  return entries.length > NAMED_MAX ? `${shown} and ${entries.length - NAMED_MAX} more` : shown
}
