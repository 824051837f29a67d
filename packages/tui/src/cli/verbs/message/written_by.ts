/**
 * Says whose message a verb of `message` is about, where several have one id.
 *
 * @module
 */
import { Flag } from "effect/cli"

/** `--from`: theirs, and not ours of the same id. */
export const writtenByFlag = Flag.String("from").pipe(
  Flag.withMetavar("PEER"),
  Flag.withDescription(
    "The one of that peer, where several have the id; without it, the one that was sent here"
  ),
  Flag.optional
)
