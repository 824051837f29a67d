/**
 * Holds what a full disk stands in the way of until there is space, and says so for as long.
 *
 * Nothing is lost meanwhile: what was not committed was not acknowledged, and the broker keeps it.
 *
 * @module
 */
import { Effect, Schedule } from "effect"
import { failingWhenFull } from "../disk_full.ts"
import type { HealthNotes } from "../health.ts"

/** How often it is looked whether there is space again. */
const SPACE_LOOK = "2 seconds"

const INBOX_FULL = "The disk is full: what arrives waits at the broker until there is space again"

/** Tries again for as long as it dies of a full disk. */
export function holdWhileFull<A>(
  health: HealthNotes["Service"],
  storing: Effect.Effect<A>
): Effect.Effect<A> {
  const attempt = failingWhenFull(storing)
  const patient = Effect.retry(attempt, Schedule.spaced(SPACE_LOOK)).pipe(
    Effect.delay(SPACE_LOOK),
    Effect.orDie
  )
  return Effect.catchTag(
    attempt,
    "DiskFull",
    () => Effect.scoped(Effect.andThen(health.during(INBOX_FULL), patient))
  )
}
