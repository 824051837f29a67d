/**
 * The message that a verb is about.
 *
 * @module
 */
import { Argument } from "effect/cli"

/** An id, or the beginning of one. */
export const messageId = Argument.String("id").pipe(
  Argument.withDescription("The message's id, or a prefix of 6 or more")
)
