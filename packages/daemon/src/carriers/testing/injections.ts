/**
 * The corpus of what a peer may write to be taken for something else.
 *
 * @module
 */
import { Result, Schema } from "effect"
import { readFileSync } from "node:fs"

const Injections = Schema.fromJsonString(Schema.Array(Schema.Struct({
  name: Schema.String,
  class: Schema.Literals([
    "tag",
    "token",
    "turn",
    "head",
    "fence",
    "protocol",
    "unseen",
    "look_alike",
    "encoding",
    "shell",
    "size"
  ]),
  text: Schema.String,
  /** A part of the text that must not be in what is shown. */
  gone: Schema.optionalKey(Schema.String)
})))

/** One hostile text. */
export type Injection = typeof Injections.Type[number]

/** All of them. */
export const injections = Result.getOrThrow(read())

function read() {
  const file = new URL("../../../testdata/peer_text_injections.json", import.meta.url)
  return Schema.decodeResult(Injections)(readFileSync(file, "utf8"))
}
