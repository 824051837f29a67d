/**
 * Keeps what a person needs who mends a bug: the cause of a crash, in a file of this home.
 *
 * Arguments are left out and invite links lose their secrets: a person may pass the file on as it is.
 *
 * @module
 */
import { homeDirectory } from "@claudemesh/daemon"
import { Cause, Clock, Effect, FileSystem } from "effect"
import { VERSION } from "../version.ts"
import { rfc3339 } from "./times.ts"

/** Writes the file; answers with its path, or with nothing where no file can be written. */
export const writeCrashFile = Effect.fn("writeCrashFile")(
  function*(verb: ReadonlyArray<string>, cause: Cause.Cause<unknown>) {
    const fs = yield* FileSystem.FileSystem
    const { directory } = yield* homeDirectory
    const at = rfc3339(yield* Clock.currentTimeMillis)
    const path = `${directory}/log/crash-${at.replaceAll(":", "-")}.txt`
    const lines = [
      `claudemesh ${VERSION}`,
      `verb: ${verb.join(" ")}`,
      `at: ${at}`,
      Cause.pretty(cause),
      ""
    ]
    yield* fs.makeDirectory(`${directory}/log`, { recursive: true, mode: 0o700 })
    yield* fs.writeFileString(path, withoutSecrets(lines.join("\n")), { mode: 0o600 })
    return path
  },
  Effect.orElseSucceed(() => undefined)
)

/** The text without the secret part of invite links. */
export function withoutSecrets(text: string): string {
  return text.replace(/(\/i\/i_[a-z2-7]+)#[^\s"')]*/g, "$1#…")
}
