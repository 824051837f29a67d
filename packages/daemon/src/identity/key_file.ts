/**
 * Reads key files, and refuses those that others could have read or put there.
 *
 * Such a file is not repaired: whose keys these are can no longer be known. No message quotes what a
 * file holds.
 *
 * @module
 */
import { fromBase64Url, fromUtf8, toBase64Url } from "@claudemesh/protocol/crypto"
import { Bytes32 } from "@claudemesh/protocol"
import { type Refused, refused } from "@claudemesh/protocol/errors"
import { ByteSize, Effect, FileSystem, Option, type PlatformError, Redacted, Schema } from "effect"
import { isOpenToOthers, ownUid, systemReason, trustFault } from "../private_file.ts"

/** A key file holds an identity or some ten prekeys. */
const KEY_FILE_BYTES_MAX = 65_536

/** A 32-byte seed: text in the file, and readable nowhere outside it. */
export const Seed = Schema.RedactedFromValue(Bytes32)

/** The bytes of a seed that was read. */
export function seedBytes(seed: Redacted.Redacted): Redacted.Redacted<Uint8Array> {
  return Redacted.make(fromBase64Url(Redacted.value(seed)))
}

/** A seed as it is written. */
export function seedText(seed: Redacted.Redacted<Uint8Array>): Redacted.Redacted {
  return Redacted.make(toBase64Url(Redacted.value(seed)))
}

/** The text of a key file; nothing if there is no such file. */
export const readKeyFile = Effect.fn("readKeyFile")(function*(path: string) {
  const fs = yield* FileSystem.FileSystem
  // Looks before it opens, because opening a pipe would wait for somebody to write to it.
  const seen = yield* ifPresent(path, fs.lstat(path))
  if (Option.isNone(seen)) return Option.none<string>()
  yield* refuseUnsafe(path, seen.value)
  return Option.some(yield* Effect.scoped(readOpened(path)))
})

const readOpened = Effect.fn("readOpened")(function*(path: string) {
  const fs = yield* FileSystem.FileSystem
  const file = yield* orUnusable(path, fs.open(path, { noFollow: true }))
  const info = yield* orUnusable(path, file.stat)
  yield* refuseUnsafe(path, info)
  const size = ByteSize.toNumberUnsafe(info.size)
  if (size > KEY_FILE_BYTES_MAX) return yield* corrupt(path, `it has ${size} bytes`)
  const bytes = yield* orUnusable(path, file.readAlloc(size))
  return Option.match(bytes, { onNone: () => "", onSome: (some) => fromUtf8(some) ?? "" })
})

function refuseUnsafe(path: string, info: FileSystem.File.Info): Effect.Effect<void, Refused> {
  const fault = trustFault(path, info, { type: "File", uid: ownUid() }) ?? modeFault(path, info)
  if (fault === undefined) return Effect.void
  const message = `Cannot use key file "${path}": ${fault.reason}; ${fault.fix}`
  return Effect.fail(refused("key_file_unsafe", message))
}

function modeFault(path: string, info: FileSystem.File.Info) {
  if (!isOpenToOthers(info)) return undefined
  const mode = (info.mode & 0o777).toString(8).padStart(4, "0")
  return { reason: `others may use it (mode ${mode})`, fix: `chmod 600 '${path}'` }
}

/** Refuses what a key file holds. */
export function corrupt(path: string, reason: string): Effect.Effect<never, Refused> {
  return Effect.fail(refused("key_file_corrupt", `Cannot use key file "${path}": ${reason}`))
}

/** Refuses with what the system said. */
export function orUnusable<A, R>(
  path: string,
  effect: Effect.Effect<A, PlatformError.PlatformError, R>
): Effect.Effect<A, Refused, R> {
  return Effect.mapError(
    effect,
    (error) => refused("home_unusable", `Cannot use key file "${path}": ${systemReason(error)}`)
  )
}

/** Nothing where there is no such file. */
export function ifPresent<A, R>(
  path: string,
  effect: Effect.Effect<A, PlatformError.PlatformError, R>
): Effect.Effect<Option.Option<A>, Refused, R> {
  const found = effect.pipe(
    Effect.asSome,
    Effect.catchIf(({ reason }) => reason._tag === "NotFound", () => Effect.succeedNone)
  )
  return orUnusable(path, found)
}
