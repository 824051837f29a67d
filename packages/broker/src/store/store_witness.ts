/**
 * What is known of a store outside of it: by comparing, a start finds out whether the store may have lost something.
 *
 * @module
 */
import { Context, type Effect } from "effect"

/** What lies beside the store, and what its host says. */
export interface StoreWitnessed {
  /** Names the time since the host was started; nothing where it has no name for that. */
  readonly boot: string | undefined
  /** The run that was noted last, if any was. */
  readonly lastRun: Effect.Effect<string | undefined>
  /** Notes a run, which has begun. */
  readonly noteRun: (run: string) => Effect.Effect<void>
}

/** The witness; by default there is none, as for a store in memory. */
export const StoreWitness = Context.Reference<StoreWitnessed | undefined>(
  "@claudemesh/broker/store/store_witness/StoreWitness",
  { defaultValue: () => undefined }
)
