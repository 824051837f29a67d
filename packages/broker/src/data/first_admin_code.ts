/**
 * The code without which nobody founds a mesh at a broker that others can reach: made once, kept in a file.
 *
 * @module
 */
import { type Refused, refused } from "@claudemesh/protocol"
import { toBase32 } from "@claudemesh/protocol/crypto"
import { Effect, FileSystem, Path, Redacted } from "effect"
import { SecureRandom } from "effect/crypto/SecureRandom"

const FILE_NAME = "first_admin_code"
const CODE_BYTES = 15
const CODE = /^[a-z2-7]{24}$/

/** Reads the code of a data directory, or makes it. */
export const firstAdminCode = Effect.fn("firstAdminCode")(function*(
  directory: string
): Effect.fn.Return<
  Redacted.Redacted,
  Refused,
  FileSystem.FileSystem | Path.Path | SecureRandom
> {
  const files = yield* FileSystem.FileSystem
  const file = (yield* Path.Path).join(directory, FILE_NAME)
  const kept = yield* Effect.orElseSucceed(files.readFileString(file), () => "")
  if (CODE.test(kept.trim())) return Redacted.make(kept.trim())
  const code = toBase32(yield* (yield* SecureRandom).randomBytes(CODE_BYTES))
  yield* Effect.mapError(
    files.writeFileString(file, `${code}\n`, { mode: 0o600 }),
    ({ message }) => refused("home_unusable", `Cannot write "${file}": ${message}`)
  )
  return Redacted.make(code)
})
