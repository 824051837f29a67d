/**
 * Refuses what was removed between being found and being shown.
 *
 * @module
 */
import { type Refused, refused } from "@claudemesh/protocol"
import { Effect, type Option } from "effect"
import type { MessageKey } from "../../outbox/outbox.ts"

/** The message as it is shown; refused if it is gone by now. */
export function stillThere<Shown>(
  { id }: MessageKey,
  shown: Option.Option<Shown>
): Effect.Effect<Shown, Refused> {
  return Effect.mapError(
    Effect.fromOption(shown),
    () => refused("message_not_found", `Cannot find message "${id}" any more`)
  )
}
