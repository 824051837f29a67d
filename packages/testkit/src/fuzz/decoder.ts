/**
 * What is promised of everything that reads what others wrote: an answer and never an exception, a value that is
 * read again as itself, and nothing in it that JSON can say and the protocol cannot mean.
 *
 * @module
 */
import { parseUntrustedJson, type Refused } from "@claudemesh/protocol"
import { Result, Schema } from "effect"
import { outcomeOf } from "../outcome.ts"
import type { Cases } from "./cases.ts"
import { encoderOf, type PlainSchema } from "./samples.ts"

/** One reader under test. */
export interface Decoder {
  readonly name: string
  /** The exports of the protocol that it puts to the test. */
  readonly covers: ReadonlyArray<string>
  readonly cases: Cases
  /** Reads a text, and answers `ok` or why not in a word. Throws where a promise is broken. */
  readonly read: (text: string) => string
}

/** A reader and the writer that belongs to it. */
export interface Codec<A> {
  readonly read: (text: string) => Result.Result<A, Refused | string>
  readonly write: (value: A) => string
}

/** Reads, and reads again what it has read: `decode ∘ encode ∘ decode` changes nothing. */
export function readTwice<A>({ read, write }: Codec<A>, text: string): string {
  const first = read(text)
  if (Result.isFailure(first)) return outcomeOf(first)
  const once = write(first.success)
  const second = read(once)
  if (Result.isFailure(second)) throw new Error(`Reads its own text not: ${outcomeOf(second)}`)
  const twice = write(second.success)
  if (twice !== once) throw new Error(`Reads its own text otherwise: ${once} as ${twice}`)
  return "ok"
}

/** The codec of a schema over untrusted JSON; fields it does not name are left out. */
export function codecOf(schema: PlainSchema): Codec<unknown> {
  const decode = Schema.decodeUnknownResult(schema)
  const encode = encoderOf(schema)
  return {
    read: (text) =>
      Result.flatMap(
        parseUntrustedJson(text),
        (json) => Result.mapError(decode(json), () => "misfit")
      ),
    write: (value) => JSON.stringify(encode(value))
  }
}

/** Throws if a value holds a number that is not exact, or a key that is none of a frame's. */
export function assertSound(value: unknown): void {
  if (typeof value === "number" && (Object.is(value, -0) || !Number.isSafeInteger(value))) {
    throw new Error(`Took ${Object.is(value, -0) ? "-0" : value} for a number`)
  }
  if (typeof value !== "object" || value === null) return
  for (const [key, inner] of Object.entries(value)) {
    if (key === "__proto__" || key === "constructor") throw new Error(`Took a field "${key}"`)
    assertSound(inner)
  }
}
