/**
 * Log files of this home: bounded, and read only for their last words.
 *
 * @module
 */
import { Effect, FileSystem } from "effect"

/** A log that is longer is put aside before more is added. */
export const LOG_BYTES_MAX = 4_194_304
const TAIL_BYTES = 4_096

/** Renames a log that has grown too long; the one put aside before is replaced. */
export const putAside = Effect.fn("LogFile.putAside")(function*(path: string) {
  const fs = yield* FileSystem.FileSystem
  yield* fs.stat(path).pipe(
    Effect.flatMap(({ size }) => size > LOG_BYTES_MAX ? fs.rename(path, `${path}.1`) : Effect.void),
    // It is not there yet, or stays as it is: no reason to refuse a start.
    Effect.ignore
  )
})

/** The last error of a log; its last line, if it tells of none. */
export const lastLine = Effect.fn("LogFile.lastLine")(function*(path: string) {
  const fs = yield* FileSystem.FileSystem
  return yield* Effect.scoped(Effect.gen(function*() {
    const file = yield* fs.open(path)
    const { size } = yield* file.stat
    yield* file.seek(size > TAIL_BYTES ? size - BigInt(TAIL_BYTES) : 0n, "start")
    const tail = new Uint8Array(TAIL_BYTES)
    const length = yield* file.read(tail)
    const text = new TextDecoder().decode(tail.subarray(0, length))
    const lines = text.trimEnd().split("\n")
    return lines.findLast((line) => line.startsWith("error: "))?.slice("error: ".length) ??
      lines.at(-1) ?? ""
  })).pipe(
    Effect.orElseSucceed(() => ""),
    Effect.map((line) => line === "" ? "it said nothing" : line)
  )
})
