/**
 * The table of decoders: everything in the protocol that reads what somebody else wrote.
 *
 * @module
 */
import type { Decoder } from "./decoder.ts"
import { memberDecoders } from "./member_decoders.ts"
import { schemaDecoders } from "./schema_decoders.ts"
import { wireDecoders } from "./wire_decoders.ts"

/** Every decoder, those that the most depends on first. */
export const decoders: ReadonlyArray<Decoder> = [
  ...wireDecoders,
  ...memberDecoders,
  ...schemaDecoders
]
