/**
 * What is known of a store outside of it: by comparing, a start finds out whether the store may have lost something.
 *
 * @module
 */
import { Context, type Effect } from "effect"

/**
 * What lies beside the store, and what its host says.
 *
 * A note is a text whose meaning is the store's own: in SQLite the name of a run, in Postgres the place in
 * the server's log that was seen last.
 */
export interface StoreWitnessed {
  /** Names the time since the host was started; nothing where it has no name for that. */
  readonly boot: string | undefined
  /** The last note, which the run before this left; nothing if there is none. */
  readonly lastRun: Effect.Effect<string | undefined>
  /** Puts a note in the place of the last: once in a run, or again and again. */
  readonly noteRun: (note: string) => Effect.Effect<void>
}

/** The witness; by default there is none, as for a store in memory. */
export const StoreWitness = Context.Reference<StoreWitnessed | undefined>(
  "@claudemesh/broker/store/store_witness/StoreWitness",
  { defaultValue: () => undefined }
)
