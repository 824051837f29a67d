/**
 * The text of a message, from the command line or from stdin.
 *
 * What is no text is refused here, before anything is sent: bytes that are not UTF-8, NUL, nothing at all,
 * and more than a message holds. Of what comes through a pipe the last line feed is left out, as `echo` adds it.
 *
 * @module
 */
import { limits } from "@claudemesh/protocol"
import { type Refused, refused } from "@claudemesh/protocol/errors"
import { Effect, Option, Result, Stdio, Stream } from "effect"

/** Beyond that nothing more is read, only to say how much too large it is. */
const BYTES_COUNTED_MAX = 16_777_216

/** The words as one text; `-` alone stands for stdin. */
export const messageText = Effect.fn("messageText")(function*(words: ReadonlyArray<string>) {
  const fromStdin = words.length === 1 && words[0] === "-"
  const text = fromStdin ? yield* stdinText : words.join(" ")
  return yield* Effect.fromResult(checked(text))
})

/** Text that may be sent, or why it may not. */
export function checked(text: string): Result.Result<string, Refused> {
  if (text.trim() === "") {
    return Result.fail(refused("empty_message", "Cannot send an empty message"))
  }
  if (text.includes("\0")) return notText("it holds a NUL byte")
  const bytes = new TextEncoder().encode(text).length
  return bytes > limits.contentBytesMax ? tooLarge(`${bytes} bytes`) : Result.succeed(text)
}

/** The text that bytes stand for. */
export function decoded(bytes: Uint8Array): Result.Result<string, Refused> {
  return Result.try({
    try: () => new TextDecoder("utf-8", { fatal: true }).decode(bytes).replace(/\r?\n$/, ""),
    catch: () => refused("not_text", "Cannot send what came in: it is not UTF-8 text")
  })
}

/** All of stdin as text, no more than a message holds. */
export const stdinText = Effect.gen(function*() {
  const { stdin } = yield* Stdio.Stdio
  const start: Read = { kept: [], bytes: 0 }
  const { bytes, kept } = yield* stdin.pipe(
    Stream.scan(() => start, add),
    Stream.takeUntil(({ bytes }) => bytes > BYTES_COUNTED_MAX),
    Stream.runLast,
    Effect.map(Option.getOrElse(() => start)),
    Effect.orElseSucceed(() => start)
  )
  if (bytes > BYTES_COUNTED_MAX) {
    return yield* Effect.fromResult(tooLarge(`more than ${BYTES_COUNTED_MAX} bytes`))
  }
  if (bytes > limits.contentBytesMax + 2) {
    return yield* Effect.fromResult(tooLarge(`${bytes} bytes`))
  }
  return yield* Effect.fromResult(decoded(Buffer.concat(kept)))
})

/** What was read so far: at most a message of it is kept. */
interface Read {
  readonly kept: ReadonlyArray<Uint8Array>
  readonly bytes: number
}

function add({ bytes, kept }: Read, chunk: Uint8Array): Read {
  return {
    bytes: bytes + chunk.length,
    kept: bytes > limits.contentBytesMax ? kept : [...kept, chunk]
  }
}

function tooLarge(size: string) {
  const message = `Cannot send ${size}: a message holds ${limits.contentBytesMax} bytes at most`
  return Result.fail(refused("too_large", message))
}

function notText(why: string) {
  return Result.fail(refused("not_text", `Cannot send what came in: ${why}`))
}
