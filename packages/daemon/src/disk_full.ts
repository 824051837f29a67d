/**
 * Tells a full disk from all other failures of the database: it is nobody's bug, and passes.
 *
 * @module
 */
import { type Refused, refused } from "@claudemesh/protocol/errors"
import { storageFault } from "@claudemesh/sqlite"
import { Effect, Schema } from "effect"
import { SqlError } from "effect/sql"

/** There is no space for what was to be written; nothing of it was. */
export class DiskFull extends Schema.TaggedError<DiskFull>()("DiskFull", {}) {
  override get message(): string {
    return "The disk is full"
  }
}

/** Fails where the effect would die of a full disk. */
export function failingWhenFull<A, E, R>(
  effect: Effect.Effect<A, E, R>
): Effect.Effect<A, E | DiskFull, R> {
  return Effect.catchDefect(
    effect,
    (defect) => isDiskFull(defect) ? Effect.fail(new DiskFull()) : Effect.die(defect)
  )
}

/** Whether what a query failed with, or died of, is a full disk. */
export function isDiskFull(thrown: unknown): boolean {
  return SqlError.isSqlError(thrown) && storageFault(thrown) === "full"
}

/** Refuses with `disk_full` where the disk is: nothing was written. Other failures of the database are defects. */
export function refusedWhenFull<A, R>(
  action: string,
  effect: Effect.Effect<A, Refused | SqlError.SqlError, R>
): Effect.Effect<A, Refused, R> {
  function refuseOrDie(thrown: unknown): Effect.Effect<never, Refused> {
    return isDiskFull(thrown)
      ? Effect.fail(refused("disk_full", `Cannot ${action}: the disk is full`))
      : Effect.die(thrown)
  }
  return effect.pipe(
    Effect.catchDefect(refuseOrDie),
    Effect.catchTag("SqlError", refuseOrDie)
  )
}
