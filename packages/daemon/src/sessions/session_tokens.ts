/**
 * Gives each session a secret of 32 bytes, in a file that only its user can read.
 *
 * The daemon keeps a hash. The token is never in an argument, an environment or a log.
 *
 * @module
 */
import type { SessionId } from "@claudemesh/protocol"
import { hash, toBase64Url } from "@claudemesh/protocol/crypto"
import { type Refused, refused } from "@claudemesh/protocol/errors"
import { Effect, FileSystem, type PlatformError, Redacted } from "effect"
import { SecureRandom } from "effect/crypto/SecureRandom"
import { makeDirectories, systemReason, writePrivate } from "../private_file.ts"

const TOKEN_BYTES = 32

/** Hashes a token as the table keeps it. */
export function hashToken(token: Redacted.Redacted<Uint8Array>): string {
  return toBase64Url(hash(Redacted.value(token)))
}

/** The file of a session's token. */
export function tokenFile(run: string, id: SessionId): string {
  return `${run}/sessions/${id}.token`
}

/** Writes a fresh token, in place of an older one of the session; answers with its hash. */
export const issueToken = Effect.fn("issueToken")(function*(run: string, id: SessionId) {
  const { randomBytes } = yield* SecureRandom
  const token = Redacted.make(yield* randomBytes(TOKEN_BYTES))
  yield* orUnusable(makeDirectories(`${run}/sessions`))
  yield* orUnusable(writePrivate(tokenFile(run, id), toBase64Url(Redacted.value(token))))
  return hashToken(token)
})

/** Removes a session's token, if it is still there. */
export const removeToken = Effect.fn("removeToken")(function*(run: string, id: SessionId) {
  const fs = yield* FileSystem.FileSystem
  yield* orUnusable(fs.remove(tokenFile(run, id), { force: true }))
})

function orUnusable<A, R>(
  effect: Effect.Effect<A, PlatformError.PlatformError, R>
): Effect.Effect<A, Refused, R> {
  return Effect.mapError(
    effect,
    (error) => refused("home_unusable", `Cannot keep the session's token: ${systemReason(error)}`)
  )
}
